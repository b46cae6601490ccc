//! A store as one stream: to keep elsewhere, to move, and to make small again.
//!
//! ```text
//! "WHOM BACKUP\n"  format: u32
//! blocks:          length: u32  packed length: u32  rows, packed with LZ4
//! end:             0: u32       last commit: u64  number of rows: u64
//!                  BLAKE3 of everything before: 32 bytes
//! ```
//! Numbers are little-endian; a row is the length of its key, the length of its bytes, key, bytes.
//! The promise: a backup holds exactly the commits up to the number it ends with, whatever is
//! written meanwhile, and what was cut off or changed is refused before it counts as restored.

use std::io::{ErrorKind, Read, Write};

use super::{
    StoreError,
    embedded::Embedded,
    ordered::{Ordered, row_error},
    rows::{FeedRow, Meta, RowError, STORE_FORMAT, Tail, decode, key, key::Table},
    snapshot::Rows,
};
use crate::feed::FeedNumber;

const MAGIC: &[u8; 12] = b"WHOM BACKUP\n";
const FORMAT: u32 = 1;

/// A block is closed when it is longer than this.
const BLOCK: usize = 256 << 10;

/// No row is anywhere near as long, so a longer block is damage and not a reason to allocate.
const LONGEST_BLOCK: usize = 256 << 20;

/// Writes everything as it stands at one moment; gives the number of the last commit in it.
///
/// Commits go on meanwhile; each waits for at most a few hundred rows to be read. Writing to `to` blocks.
pub(crate) async fn write<E: Embedded>(store: &E, to: &mut (dyn Write + Send)) -> Result<u64, StoreError> {
    let (mut snapshot, tail) = store.read(|rows| Ok((store.snapshots().begin(), tail_of(rows)?)))?;
    let mut sink = Sink { to, hasher: blake3::Hasher::new() };
    sink.write(MAGIC)?;
    sink.write(&FORMAT.to_le_bytes())?;
    let (mut block, mut count) = (Vec::new(), 0u64);
    while let Some(rows) = store.read(|rows| snapshot.next_rows(rows))? {
        for (key, row) in rows {
            block.extend_from_slice(&(key.len() as u32).to_le_bytes());
            block.extend_from_slice(&(row.len() as u32).to_le_bytes());
            block.extend_from_slice(&key);
            block.extend_from_slice(&row);
            count += 1;
            if block.len() > BLOCK {
                sink.block(&block)?;
                block.clear();
            }
        }
        tokio::task::yield_now().await;
    }
    if !block.is_empty() {
        sink.block(&block)?;
    }
    sink.write(&0u32.to_le_bytes())?;
    sink.write(&tail.head.to_le_bytes())?;
    sink.write(&count.to_le_bytes())?;
    let hash = sink.hasher.finalize();
    sink.to.write_all(hash.as_bytes())?;
    sink.to.flush()?;
    Ok(tail.head)
}

/// Where rows stand, by the last row of the feed.
pub(crate) fn tail_of(rows: &impl Ordered) -> Result<Tail, StoreError> {
    match rows.last(&Table::Feed.prefix())? {
        Some((key, bytes)) => rows.sound(&key, FeedRow::tail(&bytes)),
        None => Ok(Tail::default()),
    }
}

struct Sink<'a> {
    to: &'a mut (dyn Write + Send),
    hasher: blake3::Hasher,
}

impl Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        self.hasher.update(bytes);
        Ok(self.to.write_all(bytes)?)
    }

    fn block(&mut self, rows: &[u8]) -> Result<(), StoreError> {
        let packed = lz4_flex::block::compress(rows);
        self.write(&(rows.len() as u32).to_le_bytes())?;
        self.write(&(packed.len() as u32).to_le_bytes())?;
        self.write(&packed)
    }
}

/// What a backup was read to be.
pub(crate) struct Restored {
    /// The description of the store, as a row: it is put last, so that half of a restore is no store.
    pub(crate) meta: (key::Key, Vec<u8>),
    pub(crate) id_key: crate::model::IdKey,
    /// The format of the store it was made of.
    pub(crate) format: u32,
    /// The number of the last commit.
    pub(crate) head: FeedNumber,
}

/// Reads a backup and gives its rows to `put`, some at a time; nothing counts until this has returned.
pub(crate) fn read(
    from: &mut dyn Read,
    mut put: impl FnMut(Rows) -> Result<(), StoreError>,
) -> Result<Restored, StoreError> {
    let mut source = Source { from, hasher: blake3::Hasher::new() };
    let mut magic = [0; MAGIC.len()];
    source.fill(&mut magic)?;
    if magic != *MAGIC {
        return Err(not_restored("it is no backup of whom"));
    }
    match source.number()? {
        FORMAT => {}
        newer => {
            let why =
                format!("its format is {newer} and this whom reads {FORMAT}: use the version that wrote it");
            return Err(not_restored(why));
        }
    }
    let (mut meta, mut count) = (None, 0u64);
    loop {
        let len = source.number()? as usize;
        if len == 0 {
            break;
        }
        let mut rows = unpack(&source.block(len)?)?;
        count += rows.len() as u64;
        if let Some(place) = rows.iter().position(|(key, _)| *key == key::meta()) {
            meta = Some(rows.swap_remove(place));
        }
        put(rows)?;
    }
    let (mut head, mut rows, mut hash) = ([0; 8], [0; 8], [0; 32]);
    source.fill(&mut head)?;
    source.fill(&mut rows)?;
    let expected = source.hasher.finalize();
    source.fill(&mut hash)?;
    if expected != blake3::Hash::from_bytes(hash) || count != u64::from_le_bytes(rows) {
        return Err(not_restored("it was changed since it was written"));
    }
    if source.from.read(&mut [0])? != 0 {
        return Err(not_restored("something stands after its end"));
    }
    let meta = meta.ok_or_else(|| not_restored("it holds no store"))?;
    let known: Meta = decode(&meta.0, &meta.1).map_err(|error| match error {
        RowError::Newer { .. } => not_restored("a newer whom wrote it: use that version"),
        broken => row_error(broken, &meta.0, "backup".as_ref()),
    })?;
    if known.format > STORE_FORMAT {
        return Err(not_restored(format!(
            "a newer whom wrote it (store format {}; this one reads up to {STORE_FORMAT}): use that version",
            known.format
        )));
    }
    Ok(Restored { meta, id_key: known.id_key, format: known.format, head: u64::from_le_bytes(head) })
}

struct Source<'a> {
    from: &'a mut dyn Read,
    hasher: blake3::Hasher,
}

impl Source<'_> {
    fn fill(&mut self, bytes: &mut [u8]) -> Result<(), StoreError> {
        self.from.read_exact(bytes).map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => not_restored("it is cut off"),
            _ => error.into(),
        })?;
        self.hasher.update(bytes);
        Ok(())
    }

    fn number(&mut self) -> Result<u32, StoreError> {
        let mut bytes = [0; 4];
        self.fill(&mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// The rest of a block of `len` bytes, unpacked.
    fn block(&mut self, len: usize) -> Result<Vec<u8>, StoreError> {
        let packed_len = self.number()? as usize;
        if len > LONGEST_BLOCK || packed_len > LONGEST_BLOCK {
            return Err(changed());
        }
        // Grows as it is read: a length that was changed takes no memory that is not there to be filled.
        let mut packed = Vec::new();
        (&mut *self.from).take(packed_len as u64).read_to_end(&mut packed)?;
        if packed.len() < packed_len {
            return Err(not_restored("it is cut off"));
        }
        self.hasher.update(&packed);
        lz4_flex::block::decompress(&packed, len).ok().filter(|rows| rows.len() == len).ok_or_else(changed)
    }
}

fn unpack(mut block: &[u8]) -> Result<Rows, StoreError> {
    fn split<'a>(block: &mut &'a [u8], len: usize) -> Result<&'a [u8], StoreError> {
        let (part, rest) = block.split_at_checked(len).ok_or_else(changed)?;
        *block = rest;
        Ok(part)
    }
    fn length(block: &mut &[u8]) -> Result<usize, StoreError> {
        let bytes = split(block, 4)?.try_into().map_err(|_| changed())?;
        Ok(u32::from_le_bytes(bytes) as usize)
    }
    let mut rows = Vec::new();
    while !block.is_empty() {
        let (key, row) = (length(&mut block)?, length(&mut block)?);
        rows.push((split(&mut block, key)?.to_vec(), split(&mut block, row)?.to_vec()));
    }
    Ok(rows)
}

fn changed() -> StoreError {
    not_restored("it was changed since it was written")
}

pub(crate) fn not_restored(why: impl Into<String>) -> StoreError {
    StoreError::NotRestored { why: why.into() }
}
