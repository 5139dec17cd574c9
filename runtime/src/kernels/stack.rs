//! Where registers go that a function has no room for.

/// Has the function that this is a part of begin its stack at a cache line, for some instructions. Without that it
/// begins where its caller's ends, and registers that lie there may each be in two lines.
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
