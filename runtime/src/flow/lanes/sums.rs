//! The gradient of a `Linear` in lanes: what entered it and what came back is kept for some blocks, so that
//! the products of them all are added up in registers.

use core::{marker::PhantomData, mem::MaybeUninit};

use crate::{
    flow::record::Start,
    kernels::{
        Function,
        dispatch::Kernel,
        isa::{Isa, Vector},
    },
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

/// What is kept of the blocks, layer by layer in the order in which values enter them.
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

    /// Keeps what enters a layer with so many outputs, if the layout has room for it: where its rows are,
    /// behind which those of what comes back will be.
    #[inline(always)]
    pub(super) fn keep<V: Vector, const IN: usize>(
        &mut self,
        x: &[V; IN],
        outputs: usize,
    ) -> Option<*mut V> {
        let bytes = (IN + outputs) * self.most * size_of::<V>();
        if self.used + bytes > ROOM {
            return None;
        }
        // SAFETY: there is room for it, and what is of whole vectors is aligned for them, as the room is. Each
        // block writes its own places; those of the blocks before were written by them.
        let rows = unsafe { self.room.add(self.used).cast::<V>() };
        self.used += bytes;
        for (i, x) in x.iter().enumerate() {
            // SAFETY: as above.
            unsafe { rows.add(i * self.most + self.block).write(*x) };
        }
        Some(rows)
    }

    /// Where this block's numbers begin in rows, and how many vectors lie from one to the next.
    #[inline(always)]
    pub(super) fn block_of<V>(&self, rows: *mut V) -> (*const V, usize) {
        (rows.wrapping_add(self.block).cast_const(), self.most)
    }

    /// Keeps what comes back to a layer, and with the last block adds all products to its gradient.
    ///
    /// # Safety
    ///
    /// [`keep`](Self::keep) gave `rows` for `IN` and `OUT` numbers in this block, and was called alike in all blocks
    /// since the last one that was added: so were layers, which don't choose by a sample's numbers.
    #[inline(always)]
    pub(super) unsafe fn add_later<V: Vector, const IN: usize, const OUT: usize>(
        &self,
        isa: V::Isa,
        gradient: (&mut [V::Scalar], &mut [V::Scalar]),
        rows: *mut V,
        dy: &[V; OUT],
    ) {
        // SAFETY: `keep` saw to it that there is room, and by the caller all blocks have written theirs.
        unsafe {
            let dy_rows = rows.add(IN * self.most);
            for (o, dy) in dy.iter().enumerate() {
                dy_rows.add(o * self.most + self.block).write(*dy);
            }
            if self.is_last {
                let mut kept = Kept::new(
                    [rows.cast_const(), dy_rows.cast_const()],
                    [IN, OUT],
                    gradient,
                );
                (kept.blocks, kept.most) = (self.block + 1, self.most);
                isa.call(kept);
            }
        }
    }
}

/// Adds the products of what enters a layer and what comes back to its gradient, now.
#[inline(always)]
pub(super) fn add<V: Vector, const IN: usize, const OUT: usize>(
    isa: V::Isa,
    gradient: (&mut [V::Scalar], &mut [V::Scalar]),
    x: &[V; IN],
    dy: &[V; OUT],
) {
    isa.call(Kept::new([x.as_ptr(), dy.as_ptr()], [IN, OUT], gradient));
}

/// What entered a layer.
pub(super) enum Entered<X, V> {
    /// Its rows, if it was kept.
    Rows(*mut V),
    Here(X),
}

impl<X, V> From<X> for Entered<X, V> {
    fn from(x: X) -> Self {
        Self::Here(x)
    }
}

/// What entered a layer and came back in some blocks: for each number a row of `most` vectors of the instruction
/// set, of which the first `blocks` are there. Its products are added to the gradient in a function of its own,
/// one for the layers of all networks.
///
/// # Safety
///
/// Whoever makes one sees to it that the rows are there, and the gradient's `outputs` × `inputs` numbers.
struct Kept<T> {
    x: *const T,
    dy: *const T,
    inputs: usize,
    outputs: usize,
    blocks: usize,
    most: usize,
    dw: *mut T,
    /// Null where there is no bias.
    db: *mut T,
}

impl<T: Scalar> Kernel for Kept<T> {
    type Output = ();
    type First = Self;
    type Second = ();
    type Third = ();

    #[inline(always)]
    fn parts(self) -> (Self, (), (), Function) {
        (self, (), (), Function::Identity)
    }

    #[inline(always)]
    fn run<I: Isa>(isa: I, kept: Self, (): (), (): (), _: Function) {
        // In registers: where the operands lie, they might be among what the sums are added to.
        let kept = Self { ..kept };
        let mut o = 0;
        // SAFETY: the outputs are there.
        unsafe {
            while o + 4 <= kept.outputs {
                kept.rows::<T::Vector<I>, 4>(isa, o);
                o += 4;
            }
            while o < kept.outputs {
                kept.rows::<T::Vector<I>, 1>(isa, o);
                o += 1;
            }
        }
    }
}

impl<T: Scalar> Kept<T> {
    /// Of one block.
    #[inline(always)]
    fn new<V: Vector<Scalar = T>>(
        [x, dy]: [*const V; 2],
        [inputs, outputs]: [usize; 2],
        (dw, db): (&mut [T], &mut [T]),
    ) -> Self {
        Self {
            x: x.cast(),
            dy: dy.cast(),
            inputs,
            outputs,
            blocks: 1,
            most: 1,
            dw: dw.as_mut_ptr(),
            db: if db.len() == outputs {
                db.as_mut_ptr()
            } else {
                core::ptr::null_mut()
            },
        }
    }

    /// For `N` outputs.
    #[inline(always)]
    unsafe fn rows<V: Vector<Scalar = T>, const N: usize>(&self, isa: V::Isa, o: usize) {
        let mut i = 0;
        // SAFETY: the inputs and outputs are there.
        unsafe {
            while V::Isa::WIDE && i + 4 <= self.inputs {
                self.tile::<V, N, 4>(isa, o, i);
                i += 4;
            }
            while i + 2 <= self.inputs {
                self.tile::<V, N, 2>(isa, o, i);
                i += 2;
            }
            if i < self.inputs {
                self.tile::<V, N, 1>(isa, o, i);
            }
            if !self.db.is_null() {
                let dy = self.dy.cast::<V>();
                let mut sums = [V::splat(isa, T::ZERO); N];
                for block in 0..self.blocks {
                    for (n, sum) in sums.iter_mut().enumerate() {
                        *sum = sum.add(*dy.add((o + n) * self.most + block));
                    }
                }
                add_lanes(sums, self.db.add(o));
            }
        }
    }

    /// The weights from `M` inputs to `N` outputs: their sums stay in registers.
    #[inline(always)]
    unsafe fn tile<V: Vector<Scalar = T>, const N: usize, const M: usize>(
        &self,
        isa: V::Isa,
        o: usize,
        i: usize,
    ) {
        let mut sums = [[V::splat(isa, T::ZERO); N]; M];
        // SAFETY: the inputs and outputs are there.
        unsafe {
            let x = self.x.cast::<V>().add(i * self.most);
            let dy = self.dy.cast::<V>().add(o * self.most);
            for block in 0..self.blocks {
                let mut dys = [V::splat(isa, T::ZERO); N];
                for (n, to) in dys.iter_mut().enumerate() {
                    *to = *dy.add(n * self.most + block);
                }
                for (m, sums) in sums.iter_mut().enumerate() {
                    let x = *x.add(m * self.most + block);
                    for (sum, dy) in sums.iter_mut().zip(dys) {
                        *sum = dy.mul_add(x, *sum);
                    }
                }
            }
            let dw = self.dw.add(i * self.outputs + o);
            if const { N == 1 && M == 4 } {
                // Four at a time here, too: of four inputs.
                let column = [sums[0][0], sums[1][0], sums[2][0], sums[3][0]];
                for (m, sum) in V::sums(column).into_iter().enumerate() {
                    *dw.add(m * self.outputs) += sum;
                }
                return;
            }
            for (m, sums) in sums.into_iter().enumerate() {
                add_lanes(sums, dw.add(m * self.outputs));
            }
        }
    }
}

/// Adds the lanes' sum of each vector to one of `N` numbers.
#[inline(always)]
unsafe fn add_lanes<V: Vector, const N: usize>(vectors: [V; N], to: *mut V::Scalar) {
    // SAFETY: they are there.
    let to = unsafe { &mut *to.cast::<[V::Scalar; N]>() };
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
