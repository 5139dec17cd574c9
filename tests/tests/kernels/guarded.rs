//! Operands beside memory that can't be touched: a kernel that reads or writes one number too far
//! faults.

use std::{ptr, slice};

use layerwise::Scalar;

/// Numbers between two pages that can't be touched.
pub(crate) struct Guarded<T> {
    pages: *mut libc::c_void,
    bytes: usize,
    first: *mut T,
    len: usize,
}

/// Which end of the numbers touches a forbidden page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Edge {
    Front,
    Back,
}

impl<T: Scalar> Guarded<T> {
    pub(crate) fn new(values: &[T], edge: Edge) -> Self {
        // SAFETY: a question.
        let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap();
        let size = size_of_val(values);
        let inside = size.next_multiple_of(page).max(page);
        let bytes = inside + 2 * page;
        // SAFETY: new pages, of which the inner ones are then opened.
        let pages = unsafe {
            let pages = libc::mmap(
                ptr::null_mut(),
                bytes,
                libc::PROT_NONE,
                libc::MAP_PRIVATE | libc::MAP_ANON,
                -1,
                0,
            );
            assert_ne!(pages, libc::MAP_FAILED);
            let open = libc::PROT_READ | libc::PROT_WRITE;
            assert_eq!(libc::mprotect(pages.byte_add(page), inside, open), 0);
            pages
        };
        let offset = match edge {
            Edge::Front => page,
            Edge::Back => page + inside - size,
        };
        // SAFETY: `size` bytes from there on are open.
        let first = unsafe { pages.byte_add(offset).cast::<T>() };
        let mut guarded = Self {
            pages,
            bytes,
            first,
            len: values.len(),
        };
        guarded.values().copy_from_slice(values);
        guarded
    }

    pub(crate) fn values(&mut self) -> &mut [T] {
        // SAFETY: they are open, aligned and nobody else's.
        unsafe { slice::from_raw_parts_mut(self.first, self.len) }
    }
}

impl<T> Drop for Guarded<T> {
    fn drop(&mut self) {
        // SAFETY: the pages are ours.
        unsafe { libc::munmap(self.pages, self.bytes) };
    }
}
