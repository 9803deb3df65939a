//! Files of other programs that are not read here, by their first bytes: what they are, and how their rows come out of them.

/// How one kind of file begins, what it is, and what to do with it.
struct Foreign {
    begins: fn(&[u8]) -> bool,
    what: &'static str,
    remedy: &'static str,
}

const R: &str = "in R, write.csv(x, \"x.csv\", row.names = FALSE) writes a table";
const PANDAS: &str = "in Python, pandas reads it and to_parquet writes a table";
const UNPACK: &str = "unpack it first";

/// Those that people have most.
const ALL: [Foreign; 17] = [
    Foreign {
        begins: |head| head.starts_with(b"SQLite format 3\0"),
        what: "a database of SQLite",
        remedy: "sqlite3 -header -csv FILE \"SELECT * FROM NAME\" writes a table of it, and .dump the whole as SQL, which is read",
    },
    Foreign {
        begins: |head| head.starts_with(b"<stata_dta>") || matches!(head, [0x69..=0x73, 1 | 2, 1, 0, ..]),
        what: "a data set of Stata",
        remedy: "in Stata, export delimited writes a table; in Python, pandas.read_stata reads it",
    },
    Foreign {
        begins: |head| head.starts_with(b"$FL2") || head.starts_with(b"$FL3"),
        what: "a data set of SPSS",
        remedy: "SPSS and PSPP save it as CSV; in Python, pandas.read_spss reads it",
    },
    Foreign {
        begins: |head| {
            head.get(12..28) == Some(b"\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c")
                || head.starts_with(b"HEADER RECORD*******LIB")
        },
        what: "a data set of SAS",
        remedy: "in SAS, PROC EXPORT writes a table; in Python, pandas.read_sas reads it",
    },
    Foreign {
        begins: |head| [&b"X\n\0\0\0"[..], b"RDX2\n", b"RDX3\n"].iter().any(|mark| head.starts_with(mark)),
        what: "an object of R",
        remedy: R,
    },
    Foreign {
        begins: |head| head.starts_with(b"\x89HDF\r\n\x1a\n") || head.starts_with(b"MATLAB 7.3 MAT-file"),
        what: "HDF5, as h5py, Keras and MATLAB write it",
        remedy: "in Python, numpy.save writes an array of it as NPY",
    },
    Foreign {
        begins: |head| head.starts_with(b"MATLAB 5.0 MAT-file"),
        what: "a file of MATLAB",
        remedy: "in MATLAB, writematrix and writetable write a table; in Python, scipy.io.loadmat reads it and numpy.savez writes NPZ",
    },
    Foreign {
        begins: |head| matches!(head, [0x80, 2..=5, ..]),
        what: "a pickle of Python, which could run any program",
        remedy: "where it was made, numpy.save or to_parquet writes its rows",
    },
    Foreign { begins: |head| head.starts_with(b"Obj\x01"), what: "Avro", remedy: PANDAS },
    Foreign {
        // A text may begin so too.
        begins: |head| head.starts_with(b"ORC") && head.contains(&0),
        what: "ORC",
        remedy: "in Python, pandas.read_orc reads it and to_parquet writes a table",
    },
    Foreign {
        begins: |head| head.starts_with(b"CDF\x01") || head.starts_with(b"CDF\x02") || head.starts_with(b"CDF\x05"),
        what: "NetCDF",
        remedy: "in Python, xarray reads it and to_dataframe().to_parquet(…) writes a table",
    },
    Foreign {
        begins: |head| head.starts_with(b"SIMPLE  ="),
        what: "FITS",
        remedy: "in Python, astropy.table.Table.read(…).write(\"x.csv\") writes a table",
    },
    Foreign {
        begins: |head| head.starts_with(b"%PDF-"),
        what: "PDF",
        remedy: "copy the table out of it, or export it where it was made",
    },
    Foreign {
        // The digit is the size of its blocks; a text may begin with the letters alone.
        begins: |head| matches!(head, [b'B', b'Z', b'h', b'1'..=b'9', ..]),
        what: "packed with bzip2",
        remedy: UNPACK,
    },
    Foreign { begins: |head| head.starts_with(b"\xfd7zXZ\0"), what: "packed with xz", remedy: UNPACK },
    Foreign { begins: |head| head.starts_with(b"7z\xbc\xaf\x27\x1c"), what: "packed with 7-Zip", remedy: UNPACK },
    Foreign { begins: |head| head.starts_with(b"Rar!\x1a\x07"), what: "packed with RAR", remedy: UNPACK },
];

/// What a file that begins so is, and what to do with it, where it is one of those.
pub(super) fn known(head: &[u8]) -> Option<String> {
    let found = ALL.iter().find(|foreign| (foreign.begins)(head))?;
    Some(format!("this is {}, which is not read here; {}", found.what, found.remedy))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_programs_are_named() {
        for (head, word) in [
            (&b"SQLite format 3\0\x10\0"[..], "SQLite"),
            (b"<stata_dta><header>", "Stata"),
            (b"\x72\x02\x01\0\x03\0", "Stata"),
            (b"$FL2@(#) SPSS DATA FILE", "SPSS"),
            (b"RDX3\nX\n\0\0", "R"),
            (b"\x89HDF\r\n\x1a\n\0", "HDF5"),
            (b"MATLAB 5.0 MAT-file, Platform", "MATLAB"),
            (b"\x80\x04\x95", "pickle"),
            (b"BZh91AY", "bzip2"),
            (b"%PDF-1.7", "PDF"),
        ] {
            assert!(known(head).is_some_and(|said| said.contains(word)), "{word}");
        }
        for head in [&b"a,b\n1,2\n"[..], b"ORC_ID;x\n1;2\n", b"BZh;y\n1;2\n", b"% a note\n", b"rows\n", b"A\n1\n", b""]
        {
            assert_eq!(known(head), None, "{}", String::from_utf8_lossy(head));
        }
    }
}
