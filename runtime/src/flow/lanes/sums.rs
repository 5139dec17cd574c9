//! The gradient of a `Linear` in lanes: what entered it and what came back is kept for some blocks, so that
//! the products of them all are added up in registers.

use core::{marker::PhantomData, mem::MaybeUninit};

use crate::{
    flow::record::Start,
    kernels::isa::{Isa, Vector},
    scalar::Scalar,
};

/// So much stays in a first-level cache, beside the samples that pass through it.
const ROOM: usize = 20 << 10;
/// With so many blocks at a time the sums of the lanes, taken once for all, are little beside the products.
const MOST_BLOCKS: usize = 16;

/// Where the numbers of some blocks are kept.
#[repr(C, align(64))]
pub(super) struct Room(MaybeUninit<[u8; ROOM]>);

impl Room {
    pub(super) const NEW: Self = Self(MaybeUninit::uninit());
}

/// What is kept of the blocks, layer by layer in the order in which they come back.
pub(super) struct Sums<'a> {
    room: *mut u8,
    of: PhantomData<&'a mut Room>,
    /// How many bytes of the room the layers before have.
    used: usize,
    /// How many blocks there is room for.
    most: usize,
    /// How many there were before this one.
    block: usize,
    /// Whether they are added up after this one.
    is_last: bool,
    pub(super) start: Start,
    draws: u64,
}

impl<'a> Sums<'a> {
    /// For layers that so many vectors enter and leave.
    #[inline(always)]
    pub(super) fn new<V: Vector>(room: &'a mut Room, vectors: usize, start: Start) -> Self {
        let most = ROOM / (vectors * size_of::<V>()).max(1);
        Self {
            room: room.0.as_mut_ptr().cast(),
            of: PhantomData,
            used: 0,
            most: most.clamp(1, MOST_BLOCKS),
            block: 0,
            is_last: true,
            start,
            draws: 0,
        }
    }

    /// Before a block, which may be the last.
    #[inline(always)]
    pub(super) fn next(&mut self, first: u64, is_last: bool) {
        self.block = if self.is_last { 0 } else { self.block + 1 };
        self.is_last = is_last || self.block + 1 == self.most;
        self.used = 0;
        self.start.first = first;
        self.draws = 0;
    }

    /// What the random numbers of one more layer follow from.
    #[inline(always)]
    pub(super) fn draw(&mut self) -> u64 {
        self.draws += 1;
        self.start.draw(self.draws)
    }

    /// Adds the products of what enters a layer and what comes back to its gradient, now or after some
    /// blocks more.
    #[inline(always)]
    pub(super) fn add<V: Vector, const IN: usize, const OUT: usize>(
        &mut self,
        isa: V::Isa,
        gradient: (&mut [V::Scalar], &mut [V::Scalar]),
        x: &[V; IN],
        dy: &[V; OUT],
    ) {
        let bytes = (IN + OUT) * self.most * size_of::<V>();
        if self.used + bytes > ROOM {
            // A layer for which the layout has no room is not put off.
            let kept = Kept {
                isa,
                x: x.as_ptr(),
                dy: dy.as_ptr(),
                blocks: 1,
                most: 1,
            };
            return kept.add_up::<IN, OUT>(gradient);
        }
        // SAFETY: there is room for it, and what is of whole vectors is aligned for them, as the room is. Each
        // block writes its own places; those of the blocks before were written by them.
        unsafe {
            let place = self.room.add(self.used).cast::<V>();
            self.used += bytes;
            let at_dy = place.add(IN * self.most);
            for (i, x) in x.iter().enumerate() {
                place.add(i * self.most + self.block).write(*x);
            }
            for (o, dy) in dy.iter().enumerate() {
                at_dy.add(o * self.most + self.block).write(*dy);
            }
            if self.is_last {
                let kept = Kept {
                    isa,
                    x: place,
                    dy: at_dy,
                    blocks: self.block + 1,
                    most: self.most,
                };
                kept.add_up::<IN, OUT>(gradient);
            }
        }
    }
}

/// What entered and came back in some blocks: a row of `most` vectors for each number, of which the first
/// `blocks` are there.
struct Kept<V: Vector> {
    isa: V::Isa,
    x: *const V,
    dy: *const V,
    blocks: usize,
    most: usize,
}

impl<V: Vector> Kept<V> {
    #[inline(always)]
    fn add_up<const IN: usize, const OUT: usize>(
        &self,
        (dw, db): (&mut [V::Scalar], &mut [V::Scalar]),
    ) {
        let mut o = 0;
        while o + 4 <= OUT {
            self.rows::<4, IN, OUT>(o, dw, db);
            o += 4;
        }
        while o < OUT {
            self.rows::<1, IN, OUT>(o, dw, db);
            o += 1;
        }
    }

    /// For `N` outputs.
    #[inline(always)]
    fn rows<const N: usize, const IN: usize, const OUT: usize>(
        &self,
        o: usize,
        dw: &mut [V::Scalar],
        db: &mut [V::Scalar],
    ) {
        let mut i = 0;
        while V::Isa::WIDE && i + 4 <= IN {
            self.tile::<N, 4, OUT>(o, i, dw);
            i += 4;
        }
        while i + 2 <= IN {
            self.tile::<N, 2, OUT>(o, i, dw);
            i += 2;
        }
        if i < IN {
            self.tile::<N, 1, OUT>(o, i, dw);
        }
        if db.len() == OUT {
            let mut sums = [V::splat(self.isa, V::Scalar::ZERO); N];
            for block in 0..self.blocks {
                for (n, sum) in sums.iter_mut().enumerate() {
                    // SAFETY: it is an output's, of a block that is there.
                    *sum = sum.add(unsafe { *self.dy.add((o + n) * self.most + block) });
                }
            }
            add_lanes(sums, &mut db[o..o + N]);
        }
    }

    /// The weights from `M` inputs to `N` outputs: their sums stay in registers.
    #[inline(always)]
    fn tile<const N: usize, const M: usize, const OUT: usize>(
        &self,
        o: usize,
        i: usize,
        dw: &mut [V::Scalar],
    ) {
        let mut sums = [[V::splat(self.isa, V::Scalar::ZERO); N]; M];
        for block in 0..self.blocks {
            // SAFETY: they are inputs' and outputs', of a block that is there.
            unsafe {
                let mut dy = [V::splat(self.isa, V::Scalar::ZERO); N];
                for (n, dy) in dy.iter_mut().enumerate() {
                    *dy = *self.dy.add((o + n) * self.most + block);
                }
                for (m, sums) in sums.iter_mut().enumerate() {
                    let x = *self.x.add((i + m) * self.most + block);
                    for (sum, dy) in sums.iter_mut().zip(dy) {
                        *sum = dy.mul_add(x, *sum);
                    }
                }
            }
        }
        if const { N == 1 && M == 4 } {
            // Four at a time here, too: of four inputs.
            let column = [sums[0][0], sums[1][0], sums[2][0], sums[3][0]];
            for (m, sum) in V::sums(column).into_iter().enumerate() {
                dw[(i + m) * OUT + o] += sum;
            }
            return;
        }
        for (m, sums) in sums.into_iter().enumerate() {
            let at = (i + m) * OUT + o;
            add_lanes(sums, &mut dw[at..at + N]);
        }
    }
}

/// Adds the lanes' sum of each vector to a number.
#[inline(always)]
fn add_lanes<V: Vector, const N: usize>(vectors: [V; N], to: &mut [V::Scalar]) {
    let (fours, rest) = vectors.as_chunks::<4>();
    let (to_fours, to_rest) = to.as_chunks_mut::<4>();
    for (four, to) in fours.iter().zip(to_fours) {
        for (sum, to) in V::sums(*four).into_iter().zip(to) {
            *to += sum;
        }
    }
    for (vector, to) in rest.iter().zip(to_rest) {
        *to += vector.sum(V::LANES);
    }
}
