//! Where a window goes over a value along one dimension.

use core::ops::Range;

/// The places that a window sees along one dimension, for each output. Whatever the options are, none is
/// outside of the value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Axis {
    /// How many places the value has.
    pub(crate) size: usize,
    /// How many outputs there are.
    pub(crate) outputs: usize,
    /// How many taps the window has.
    pub(crate) taps: usize,
    pub(crate) stride: usize,
    /// How many places of zeros are thought to be before the first one.
    pub(crate) padding: usize,
    /// How far it is from one tap to the next.
    pub(crate) dilation: usize,
}

impl Axis {
    /// One place for each output: a dimension that is not there.
    pub(crate) const ONE: Self = Self {
        size: 1,
        outputs: 1,
        taps: 1,
        stride: 1,
        padding: 0,
        dilation: 1,
    };

    /// The same with options that a loop can go by. Where there is a division, it says once more that
    /// nothing is divided by zero: the compiler would have it panic.
    #[inline]
    pub(crate) fn checked(self) -> Self {
        Self {
            stride: self.stride.max(1),
            dilation: self.dilation.max(1),
            ..self
        }
    }

    /// Where the window of an output would begin, counted from the first place of the padding.
    #[inline(always)]
    pub(super) fn start(&self, output: usize) -> usize {
        output.saturating_mul(self.stride)
    }

    /// The taps that see places of the value.
    #[inline(always)]
    pub(crate) fn taps_at(&self, output: usize) -> Range<usize> {
        let start = self.start(output);
        let before = self.padding.saturating_sub(start);
        let left = self.size.saturating_add(self.padding).saturating_sub(start);
        let end = self.taps_in(left).min(self.taps);
        self.taps_in(before).min(end)..end
    }

    /// How many taps begin in so many places. A division takes as long as what a few taps see.
    #[inline(always)]
    fn taps_in(&self, places: usize) -> usize {
        if self.dilation == 1 {
            places
        } else {
            places.div_ceil(self.dilation.max(1))
        }
    }

    /// The place that such a tap sees.
    #[inline(always)]
    pub(crate) fn place(&self, output: usize, tap: usize) -> usize {
        self.start(output) + tap * self.dilation - self.padding
    }

    /// Whether an output sees no place from this one on.
    #[inline(always)]
    pub(super) fn sees_below(&self, output: usize, end: usize) -> bool {
        let taps = self.taps_at(output);
        taps.is_empty() || self.place(output, taps.end - 1) < end
    }

    /// The outputs of which every tap sees a place of the value.
    #[inline(always)]
    pub(crate) fn inside(&self) -> Range<usize> {
        let first = self.padding.div_ceil(self.stride.max(1));
        let reach = (self.taps - 1).saturating_mul(self.dilation);
        let end = match self.size.saturating_add(self.padding).checked_sub(reach) {
            None | Some(0) => 0,
            Some(left) => ((left - 1) / self.stride.max(1) + 1).min(self.outputs),
        };
        first.min(end)..end
    }

    /// How many places all windows see, with those of the padding.
    #[inline(always)]
    pub(super) fn width(&self) -> usize {
        let last = self.outputs.saturating_sub(1).saturating_mul(self.stride);
        last.saturating_add(self.reach())
    }

    /// How many places there are from the first that a window sees to the last.
    #[inline(always)]
    pub(super) fn reach(&self) -> usize {
        (self.taps - 1)
            .saturating_mul(self.dilation)
            .saturating_add(1)
    }

    /// The outputs that see a place of the value by this tap.
    #[inline(always)]
    pub(crate) fn outputs_of(&self, tap: usize) -> Range<usize> {
        let offset = tap.saturating_mul(self.dilation);
        let first = self
            .padding
            .saturating_sub(offset)
            .div_ceil(self.stride.max(1));
        let end = match self.size.saturating_add(self.padding).checked_sub(offset) {
            None | Some(0) => 0,
            Some(left) => ((left - 1) / self.stride.max(1) + 1).min(self.outputs),
        };
        first.min(end)..end
    }
}

#[cfg(test)]
mod tests {
    use super::Axis;

    /// Against the definition, for all small sizes.
    #[test]
    fn every_tap_sees_what_it_should() {
        for code in 0..4 * 4 * 3 * 4 * 3 * 7_usize {
            let digits = [4, 4, 3, 4, 3, 7].iter().scan(code, |code, base| {
                let digit = *code % base;
                *code /= base;
                Some(digit)
            });
            let [size, taps, stride, padding, dilation, outputs] =
                <[usize; 6]>::try_from(digits.collect::<std::vec::Vec<_>>()).unwrap();
            let axis = Axis {
                size: size + 1,
                taps: taps + 1,
                stride: stride + 1,
                padding,
                dilation: dilation + 1,
                outputs: outputs + 1,
            };
            let seen = |output: usize, tap: usize| {
                let place = output * axis.stride + tap * axis.dilation;
                (padding..padding + axis.size).contains(&place)
            };
            for output in 0..axis.outputs {
                for tap in 0..axis.taps {
                    let is_seen = seen(output, tap);
                    assert_eq!(axis.taps_at(output).contains(&tap), is_seen, "{axis:?}");
                    assert_eq!(axis.outputs_of(tap).contains(&output), is_seen, "{axis:?}");
                }
                let all = (0..axis.taps).all(|tap| seen(output, tap));
                assert_eq!(axis.inside().contains(&output), all, "{axis:?}");
            }
        }
    }
}
