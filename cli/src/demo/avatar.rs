//! Pictures for people who have none: a pattern that follows from a hash, as a PNG.

/// How many fields the pattern has on each side; the right half mirrors the left.
const FIELDS: usize = 5;

/// How many pixels a picture has on each side, at most.
const MOST: usize = 512;

/// Draws the picture of a hash, `size` pixels on each side.
pub(super) fn png(hash: &str, size: usize) -> Vec<u8> {
    let size = size.clamp(16, MOST);
    let seed = seed(hash);
    let bits = |place: usize| seed.rotate_left((place * 7) as u32) & 1 == 1;
    let margin = size / 10;
    let field = (size - 2 * margin).div_ceil(FIELDS);
    let mut lines = Vec::with_capacity((size + 1) * size);
    for y in 0..size {
        lines.push(0); // this line is not filtered
        for x in 0..size {
            let inside = (margin..size - margin).contains(&x) && (margin..size - margin).contains(&y);
            let (column, row) = (x.saturating_sub(margin) / field, y.saturating_sub(margin) / field);
            let mirrored = column.min(FIELDS - 1 - column.min(FIELDS - 1));
            lines.push(u8::from(inside && bits(row * 3 + mirrored)));
        }
    }
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    let side = (size as u32).to_be_bytes();
    // 8 bits for each pixel, which is a place in the palette.
    chunk(&mut file, b"IHDR", &[&side[..], &side[..], &[8, 3, 0, 0, 0]].concat());
    let (r, g, b) = colour((seed >> 40) as u16 % 360);
    chunk(&mut file, b"PLTE", &[0xf1, 0xef, 0xea, r, g, b]);
    chunk(&mut file, b"IDAT", &stored(&lines));
    chunk(&mut file, b"IEND", &[]);
    file
}

/// 64 bits that follow from the hash.
fn seed(hash: &str) -> u64 {
    // FNV-1a: a pattern needs no better.
    hash.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |seed, byte| (seed ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3))
}

/// A colour of middle lightness with this hue, in degrees.
fn colour(hue: u16) -> (u8, u8, u8) {
    let channel = |turned: u16| {
        let degrees = f64::from((hue + turned) % 360);
        let share = ((degrees - 180.0).abs() / 60.0 - 1.0).clamp(0.0, 1.0);
        (60.0 + share * 110.0) as u8
    };
    (channel(0), channel(240), channel(120))
}

/// Bytes as zlib keeps them without compressing: a picture of 16 kB on loopback needs no less.
fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = bytes.chunks(0xffff).peekable();
    while let Some(block) = blocks.next() {
        let length = block.len() as u16;
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    out.extend((b << 16 | a).to_be_bytes());
    out
}

fn chunk(file: &mut Vec<u8>, name: &[u8; 4], data: &[u8]) {
    file.extend((data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend(name);
    file.extend(data);
    let sum = crc(&file[start..]);
    file.extend(sum.to_be_bytes());
}

/// The CRC-32 of PNG and zip.
fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |sum, byte| {
        (0..8).fold(
            sum ^ u32::from(*byte),
            |sum, _| if sum & 1 == 1 { sum >> 1 ^ 0xedb8_8320 } else { sum >> 1 },
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sums_are_those_of_the_format() {
        assert_eq!(crc(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc(b"IEND"), 0xae42_6082);
        assert_eq!(stored(b"Wikipedia")[stored(b"Wikipedia").len() - 4..], 0x11e6_0398_u32.to_be_bytes());
    }

    #[test]
    fn a_hash_has_one_picture() {
        assert_eq!(png("ab", 64), png("ab", 64));
        assert_ne!(png("ab", 64), png("ac", 64));
    }
}
