//! How an instruction set is declared.

/// Declares a token and its two vectors. The closures are pasted, not called.
macro_rules! isa {
    (
        $(#[$doc:meta])* $Isa:ident half $Half:ident wide $wide:literal fused $fused:literal features $features:literal
        $($field:ident $V:ident($raw:ident) [$T:ident; $lanes:literal] mask $Mask:ident
        {
            mask($n:ident) $mask:expr;
            partial($p:ident, $m:ident) $load_partial:expr;
            store_partial($q:ident, $k:ident, $v:ident) $store_partial:expr;
            keep($h:ident, $i:ident, $j:ident) $keep:expr;
            mul_sub($d:ident, $e:ident, $f:ident) $mul_sub:expr;
            mul_add($a:ident, $b:ident, $c:ident) $mul_add:expr;
            select($l:ident < $r:ident, $then:ident, $else:ident) $select:expr;
            copysign($x:ident, $sign:ident) $copysign:expr;
            shift($bits:ident) $shift:expr;
            sum($s:ident, $used:ident) $sum:expr;
            largest($g:ident, $most:ident) $largest:expr;
            $splat:ident $load:ident $store:ident $add:ident $sub:ident $mul:ident $div:ident $sqrt:ident
            $max:ident $min:ident $first:ident
            $({ $($more:tt)* })?
        })*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy)]
        pub struct $Isa(());

        impl $Isa {
            /// # Safety
            ///
            /// The processor has the instructions.
            #[inline(always)]
            pub(in crate::kernels) unsafe fn new() -> Self {
                Self(())
            }
        }

        impl $crate::kernels::isa::Isa for $Isa {
            type Half = $Half;

            #[inline(always)]
            fn half(self) -> $Half {
                $Half(())
            }

            $(type $field = $V;)*
            const WIDE: bool = $wide;

            #[inline(always)]
            fn call_with<K: $crate::kernels::Kernel>(
                self,
                (first, second, third, function): $crate::kernels::dispatch::Parts<K>,
            ) -> K::Output {
                #[inline(never)]
                #[target_feature(enable = $features)]
                fn call<K: $crate::kernels::Kernel>(
                    isa: $Isa,
                    first: K::First,
                    second: K::Second,
                    third: K::Third,
                    function: $crate::kernels::Function,
                ) -> K::Output {
                    K::run(isa, first, second, third, function)
                }
                if K::CHOOSES {
                    return K::run(self, first, second, third, function);
                }
                // The block is needed where there are features.
                #[allow(unused_unsafe, reason = "SSE2 and NEON are always there")]
                unsafe {
                    call::<K>(self, first, second, third, function)
                }
            }
        }

        $(
        /// A register.
        #[derive(Clone, Copy)]
        pub struct $V($raw);

        impl $crate::kernels::isa::Vector for $V {
            type Scalar = $T;
            type Isa = $Isa;
            type Mask = $Mask;
            const LANES: usize = $lanes;
            const FUSED: bool = $fused;

            #[inline(always)]
            fn splat(_: $Isa, x: $T) -> Self {
                Self(unsafe { $splat(x) })
            }
            #[inline(always)]
            fn from_fn(_: $Isa, f: impl FnMut(usize) -> $T) -> Self {
                let lanes: [$T; $lanes] = core::array::from_fn(f);
                Self(unsafe { $load(lanes.as_ptr()) })
            }
            #[inline(always)]
            fn for_each(self, mut f: impl FnMut(usize, $T)) {
                let mut lanes = [0.0; $lanes];
                unsafe { $store(lanes.as_mut_ptr(), self.0) };
                for (lane, x) in lanes.into_iter().enumerate() {
                    f(lane, x);
                }
            }
            #[inline(always)]
            fn mask(_: $Isa, $n: usize) -> $Mask {
                $mask
            }
            #[inline(always)]
            unsafe fn load(_: $Isa, from: *const $T) -> Self {
                Self(unsafe { $load(from) })
            }
            #[inline(always)]
            unsafe fn store(self, to: *mut $T) {
                unsafe { $store(to, self.0) };
            }
            #[inline(always)]
            unsafe fn load_partial(_: $Isa, $p: *const $T, $m: $Mask) -> Self {
                Self(unsafe { $load_partial })
            }
            #[inline(always)]
            unsafe fn store_partial(self, $q: *mut $T, $k: $Mask) {
                let $v = self.0;
                unsafe { $store_partial };
            }
            #[inline(always)]
            fn keep(self, $i: $Mask, other: Self) -> Self {
                let ($h, $j) = (self.0, other.0);
                Self(unsafe { $keep })
            }
            #[inline(always)]
            fn add(self, other: Self) -> Self {
                Self(unsafe { $add(self.0, other.0) })
            }
            #[inline(always)]
            fn sub(self, other: Self) -> Self {
                Self(unsafe { $sub(self.0, other.0) })
            }
            #[inline(always)]
            fn mul(self, other: Self) -> Self {
                Self(unsafe { $mul(self.0, other.0) })
            }
            #[inline(always)]
            fn div(self, other: Self) -> Self {
                Self(unsafe { $div(self.0, other.0) })
            }
            #[inline(always)]
            fn sqrt(self) -> Self {
                Self(unsafe { $sqrt(self.0) })
            }
            #[inline(always)]
            fn mul_add(self, factor: Self, term: Self) -> Self {
                let ($a, $b, $c) = (self.0, factor.0, term.0);
                Self(unsafe { $mul_add })
            }
            #[inline(always)]
            fn mul_sub_from(self, factor: Self, term: Self) -> Self {
                let ($d, $e, $f) = (self.0, factor.0, term.0);
                Self(unsafe { $mul_sub })
            }
            #[inline(always)]
            fn max(self, other: Self) -> Self {
                Self(unsafe { $max(self.0, other.0) })
            }
            #[inline(always)]
            fn min(self, other: Self) -> Self {
                Self(unsafe { $min(self.0, other.0) })
            }
            #[inline(always)]
            fn select_less(self, other: Self, then: Self, otherwise: Self) -> Self {
                let ($l, $r, $then, $else) = (self.0, other.0, then.0, otherwise.0);
                Self(unsafe { $select })
            }
            #[inline(always)]
            fn copysign(self, sign: Self) -> Self {
                let ($x, $sign) = (self.0, sign.0);
                Self(unsafe { $copysign })
            }
            #[inline(always)]
            fn shift_to_exponent(self) -> Self {
                let $bits = self.0;
                Self(unsafe { $shift })
            }
            #[inline(always)]
            fn first(self) -> $T {
                unsafe { $first(self.0) }
            }
            #[inline(always)]
            #[allow(unused_unsafe, reason = "some are put together from safe steps")]
            fn sum(self, $used: usize) -> $T {
                let $s = self.0;
                unsafe { $sum }
            }
            #[inline(always)]
            #[allow(unused_unsafe, reason = "as above")]
            fn largest(self, $most: usize) -> $T {
                let $g = self.0;
                unsafe { $largest }
            }
            $($($more)*)?
        }
        )*
    };
}

pub(super) use isa;
