//! Small real files made in code: a picture and a one-page PDF.

/// A valid PNG (8-bit palette, stored deflate blocks) of `size` × `size` pixels with a pattern that the seed decides.
pub fn png(seed: u64, size: u32) -> Vec<u8> {
    let size = size.clamp(8, 512);
    let mut random = crate::random::Random::new(seed);
    let mut palette = Vec::new();
    for _ in 0..4 {
        let colour = random.next();
        palette.extend_from_slice(&[
            (colour & 0xFF) as u8,
            (colour >> 8 & 0xFF) as u8,
            (colour >> 16 & 0xFF) as u8,
        ]);
    }
    let cells = 6;
    let pattern: Vec<u8> = (0..cells * cells).map(|_| random.below(4) as u8).collect();
    let mut pixels = Vec::new();
    for y in 0..size {
        pixels.push(0); // no filter on this row
        for x in 0..size {
            // Mirrored left to right, so that each product gets a recognisable sign.
            let column = (x * cells / size).min(cells - 1);
            let column = if column >= cells / 2 { cells - 1 - column } else { column };
            let cell = (y * cells / size).min(cells - 1) * cells + column;
            pixels.push(pattern.get(cell as usize).copied().unwrap_or(0));
        }
    }
    let mut header = Vec::new();
    header.extend_from_slice(&size.to_be_bytes());
    header.extend_from_slice(&size.to_be_bytes());
    header.extend_from_slice(&[8, 3, 0, 0, 0]);
    let mut file = vec![0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"PLTE", &palette);
    chunk(&mut file, b"IDAT", &zlib_stored(&pixels));
    chunk(&mut file, b"IEND", &[]);
    file
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    file.extend_from_slice(&(data.len() as u32).to_be_bytes());
    let start = file.len();
    file.extend_from_slice(kind);
    file.extend_from_slice(data);
    let sum = crc32(file.get(start..).unwrap_or_default());
    file.extend_from_slice(&sum.to_be_bytes());
}

fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in data {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

fn zlib_stored(data: &[u8]) -> Vec<u8> {
    let mut out = vec![0x78, 0x01];
    let mut blocks = data.chunks(0xFFFF).peekable();
    while let Some(block) = blocks.next() {
        out.push(u8::from(blocks.peek().is_none()));
        let length = block.len() as u16;
        out.extend_from_slice(&length.to_le_bytes());
        out.extend_from_slice(&(!length).to_le_bytes());
        out.extend_from_slice(block);
    }
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    out.extend_from_slice(&(b << 16 | a).to_be_bytes());
    out
}

/// A valid one-page PDF with the given lines, which must be ASCII (the built-in Helvetica has no Polish letters).
pub fn pdf(lines: &[&str]) -> Vec<u8> {
    let mut content = String::from("BT /F1 14 Tf 18 TL 60 780 Td\n");
    for line in lines {
        let safe: String =
            line.chars().filter(|c| c.is_ascii() && !c.is_control() && !"()\\".contains(*c)).collect();
        content.push_str(&format!("({safe}) Tj T*\n"));
    }
    content.push_str("ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.push_str(&format!("{} 0 obj\n{object}\nendobj\n", index + 1));
    }
    let table = file.len();
    file.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1));
    for offset in &offsets {
        file.push_str(&format!("{offset:010} 00000 n \n"));
    }
    file.push_str(&format!(
        "trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n",
        objects.len() + 1
    ));
    file.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_png_asks_for() {
        // The check value of CRC-32/ISO-HDLC.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
    }

    #[test]
    fn a_picture_starts_and_ends_as_png_and_repeats() {
        let picture = png(5, 64);
        assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"));
        assert!(picture.ends_with(b"IEND\xAE\x42\x60\x82"));
        assert_eq!(picture, png(5, 64));
        assert_ne!(picture, png(6, 64));
    }

    #[test]
    fn the_pdf_table_points_at_its_objects() {
        let file = String::from_utf8(pdf(&["Faktura (1)"])).unwrap();
        let table: usize =
            file.rsplit("startxref\n").next().unwrap().lines().next().unwrap().parse().unwrap();
        assert!(file[table..].starts_with("xref"));
        let first: usize = file[table..].lines().nth(3).unwrap()[..10].parse().unwrap();
        assert!(file[first..].starts_with("1 0 obj"));
    }
}
