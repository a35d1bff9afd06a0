//! Reads the weights of a file that PyTorch saved, without PyTorch.
//!
//! Such a file is a zip archive. Its `data.pkl` has the tensors, whose numbers are in files of their own: a tensor refers
//! to its storage by a persistent id, `('storage', class, file, device, length)`.

use std::io::{Cursor, Read};

use halfsour::pickle::{MadeBy, Missing, Opaque, OpaqueGlobal, Unpickler};
use halfsour::{Context, Error, Result, Runtime, Uncaught, Value, exc};

/// `torch.save(torch.arange(6, dtype=torch.float32).reshape(2, 3), ...)` by PyTorch 2 in Python 3.13.
const FILE: &[u8] = include_bytes!("../tests/data/unknown/tensor.pt");

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let pickle = member("data.pkl")?;
    let tensor = Runtime::python3().try_enter(|ctx| {
        let loaded = Unpickler::new().missing(Missing::Opaque).loads(ctx, &pickle)?;
        Tensor::of(ctx, loaded)
    });
    let tensor = tensor.map_err(|error: Uncaught| error.to_string())?;
    let Tensor { storage, shape, strides, .. } = &tensor;
    println!("a tensor of shape {shape:?} with strides {strides:?} in a {storage}");
    let storage = member(&format!("data/{}", tensor.file))?;
    let numbers = storage.chunks_exact(4);
    let numbers: Vec<_> =
        numbers.map(|it| f32::from_le_bytes([it[0], it[1], it[2], it[3]])).collect();
    let (&[rows, columns], &[down, right]) = (&shape[..], &strides[..]) else {
        return Err("this example shows matrices".into());
    };
    for row in 0..rows {
        let place = |column| tensor.offset + row * down + column * right;
        println!("  {:?}", (0..columns).map(|column| numbers[place(column)]).collect::<Vec<_>>());
    }
    Ok(())
}

/// A file in the archive, whose folder has the name of the archive.
fn member(name: &str) -> std::result::Result<Vec<u8>, Box<dyn std::error::Error>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(FILE))?;
    let mut bytes = Vec::new();
    archive.by_name(&format!("archive/{name}"))?.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Where the numbers of a tensor are.
struct Tensor {
    storage: String,
    file: String,
    offset: usize,
    shape: Vec<usize>,
    strides: Vec<usize>,
}

impl Tensor {
    /// Reads `_rebuild_tensor_v2(storage, offset, shape, strides, ...)`.
    fn of<'gc>(ctx: Context<'gc>, value: Value<'gc>) -> Result<'gc, Self> {
        let call = Opaque::of(value)
            .filter(|call| call.is_made_by("torch._utils", "_rebuild_tensor_v2"))
            .ok_or_else(|| Error::new(&exc::VALUE_ERROR, "it is no tensor"))?;
        let [storage, offset, shape, strides, ..] = *call.args().as_slice() else {
            return Err(Error::new(&exc::VALUE_ERROR, "a tensor of other parts"));
        };
        let id = Opaque::of(storage)
            .filter(|storage| storage.made_by() == MadeBy::Persistent)
            .ok_or_else(|| Error::new(&exc::VALUE_ERROR, "its storage has no id"))?
            .args();
        let id = id.as_slice()[0];
        let class = OpaqueGlobal::of(id.get_item(ctx, 1)?);
        Ok(Self {
            storage: class.map(OpaqueGlobal::dotted_name).unwrap_or_default(),
            file: id.get_item(ctx, 2)?.to(ctx)?,
            offset: offset.to(ctx)?,
            shape: numbers(ctx, shape)?,
            strides: numbers(ctx, strides)?,
        })
    }
}

fn numbers<'gc>(ctx: Context<'gc>, tuple: Value<'gc>) -> Result<'gc, Vec<usize>> {
    tuple.iter(ctx)?.collect_vec(ctx)?.into_iter().map(|number| number.to(ctx)).collect()
}
