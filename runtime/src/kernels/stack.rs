//! Where registers go that a function has no room for.

/// Has the function that this is a part of begin its stack at a cache line. Without that it begins anywhere, and most
/// registers that lie there are from two lines, which takes twice as long to read. It costs some instructions.
#[inline(always)]
pub(crate) fn align() {
    #[cfg(target_arch = "x86_64")]
    {
        use core::mem::MaybeUninit;

        #[repr(align(64))]
        struct Line(#[allow(dead_code, reason = "what is aligned needs a size")] [u8; 64]);

        let line = MaybeUninit::<Line>::uninit();
        // SAFETY: there is no instruction.
        unsafe {
            core::arch::asm!(
                "/* {0} */",
                in(reg) line.as_ptr(),
                options(readonly, nostack, preserves_flags)
            );
        }
    }
}
