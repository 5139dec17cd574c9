//! What every answer is compared with: the formulas, in f64.

use super::models::{Conv, Layer, Linear, Network, Shape, len};

impl Network {
    /// The outputs for `inputs`.
    pub fn reference(&self, inputs: &[f32]) -> Vec<f64> {
        let samples = inputs.chunks_exact(len(self.input));
        let outputs = samples.flat_map(|sample| {
            let x = sample.iter().map(|&x| f64::from(x)).collect();
            let (shape, y) = self
                .layers
                .iter()
                .fold((self.input, x), |(shape, x), layer| apply(layer, shape, x));
            assert_eq!(shape, self.output);
            y
        });
        outputs.collect()
    }
}

fn apply(layer: &Layer, shape: Shape, x: Vec<f64>) -> (Shape, Vec<f64>) {
    let [channels, height, width] = shape;
    match layer {
        Layer::Conv(conv) => convolve(conv, shape, &x),
        Layer::Linear(linear) => ([linear.outputs, 1, 1], multiply(linear, &x)),
        Layer::Relu => (shape, x.into_iter().map(|x| x.max(0.0)).collect()),
        Layer::Relu6 => (shape, x.into_iter().map(|x| x.clamp(0.0, 6.0)).collect()),
        Layer::MaxPool => {
            let to = [channels, height / 2, width / 2];
            let largest = |[channel, row, column]: Shape| {
                let corner = (channel * height + 2 * row) * width + 2 * column;
                let places = [0, 1, width, width + 1].map(|place| x[corner + place]);
                places.into_iter().fold(f64::NEG_INFINITY, f64::max)
            };
            (to, places(to).map(largest).collect())
        }
        Layer::Mean => {
            let planes = x.chunks_exact(height * width);
            let mean = |plane: &[f64]| plane.iter().sum::<f64>() / plane.len() as f64;
            ([channels, 1, 1], planes.map(mean).collect())
        }
        Layer::Flatten => ([len(shape), 1, 1], x),
        Layer::Softmax => {
            let e: Vec<f64> = x.into_iter().map(f64::exp).collect();
            let sum: f64 = e.iter().sum();
            (shape, e.into_iter().map(|e| e / sum).collect())
        }
    }
}

/// The indices of all numbers of a shape, in their order.
fn places([channels, height, width]: Shape) -> impl Iterator<Item = Shape> {
    (0..channels * height * width)
        .map(move |k| [k / (height * width), k / width % height, k % width])
}

fn convolve(conv: &Conv, [_, height, width]: Shape, x: &[f64]) -> (Shape, Vec<f64>) {
    let [_, inputs, rows, columns] = conv.shape();
    let size = |size, axis| (size + 2 * conv.padding[axis] - conv.kernel[axis]) / conv.stride + 1;
    let to = [conv.outputs, size(height, 0), size(width, 1)];
    let sum = |[output, row, column]: Shape| {
        let first = output / (conv.outputs / conv.groups) * inputs;
        let mut sum = f64::from(conv.bias[output]);
        for [input, u, v] in places([inputs, rows, columns]) {
            // Before the image they wrap around, and so are behind it.
            let row = (row * conv.stride + u).wrapping_sub(conv.padding[0]);
            let column = (column * conv.stride + v).wrapping_sub(conv.padding[1]);
            if row < height && column < width {
                let weight = conv.weight[((output * inputs + input) * rows + u) * columns + v];
                sum += f64::from(weight) * x[((first + input) * height + row) * width + column];
            }
        }
        sum
    };
    (to, places(to).map(sum).collect())
}

fn multiply(linear: &Linear, x: &[f64]) -> Vec<f64> {
    let rows = linear.weight.chunks_exact(linear.inputs).zip(&linear.bias);
    rows.map(|(row, &bias)| {
        let products = row.iter().zip(x).map(|(&w, x)| f64::from(w) * x);
        f64::from(bias) + products.sum::<f64>()
    })
    .collect()
}
