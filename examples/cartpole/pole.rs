//! A pole on a cart: Barto, Sutton and Anderson (1983), without friction, by Euler's method, as in
//! `train.py`.

use layerwise::SVector;

/// Seconds in a step.
pub(crate) const STEP: f32 = 0.02;
/// Newtons of a push, to either side.
pub(crate) const FORCE: f32 = 10.0;
/// How far from the middle the cart may be, in metres.
pub(crate) const TRACK: f32 = 2.4;
/// How far the pole may lean, in radians.
pub(crate) const LEAN: f32 = 0.5;

/// Metres per second squared.
const GRAVITY: f32 = 9.8;
/// Kilograms.
const CART_MASS: f32 = 1.0;
const POLE_MASS: f32 = 0.1;
/// From the joint to the pole's centre of mass, in metres.
const HALF: f32 = 0.5;

/// Where the cart is and how the pole leans, both to the right, and their speeds; in metres, radians
/// and seconds.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pole {
    pub(crate) x: f32,
    pub(crate) speed: f32,
    pub(crate) angle: f32,
    pub(crate) spin: f32,
}

impl Pole {
    /// At rest in the middle, and leaning.
    pub(crate) fn start() -> Self {
        Self {
            angle: 0.1,
            ..Self::default()
        }
    }

    /// What a policy sees, in the order of `train.py`.
    pub(crate) fn state(&self) -> SVector<f32, 4> {
        SVector::from([self.x, self.speed, self.angle, self.spin])
    }

    /// The same a step later, while a force pushes the cart to the right.
    pub(crate) fn pushed(&self, force: f32) -> Self {
        let (sin, cos) = self.angle.sin_cos();
        let mass = CART_MASS + POLE_MASS;
        let pushed = (force + POLE_MASS * HALF * self.spin * self.spin * sin) / mass;
        let inertia = HALF * (4.0 / 3.0 - POLE_MASS * cos * cos / mass);
        let turn = (GRAVITY * sin - cos * pushed) / inertia;
        let acceleration = pushed - POLE_MASS * HALF * turn * cos / mass;
        Self {
            x: self.x + STEP * self.speed,
            speed: self.speed + STEP * acceleration,
            angle: self.angle + STEP * self.spin,
            spin: self.spin + STEP * turn,
        }
    }

    /// Whether it is lost.
    pub(crate) fn has_fallen(&self) -> bool {
        self.x.abs() > TRACK || self.angle.abs() > LEAN
    }
}
