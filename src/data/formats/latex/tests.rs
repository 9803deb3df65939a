use super::*;

fn read(text: &str) -> Result<Vec<String>> {
    let raw = load_file(Input::of_text("a.tex", text)?, &Recipe::default(), &Progress::silent())?;
    let table = raw.table.expect("a table");
    let rows = (0..table.len()).map(|row| table.record(row).collect::<Vec<_>>().join("|"));
    Ok(std::iter::once(table.header.join("|")).chain(rows).collect())
}

#[test]
fn rows_of_a_tabular_are_rows() {
    let wanted = ["town|size|share", "Bern|1.5|20%", "Rom|-2.5|30%", "Wien|1,000|5%"];
    for text in [
        "\\begin{table}\n\\caption{Of & towns \\\\}\n\\begin{tabular}{lr@{}r}\n\\toprule\ntown & size & share \\\\\n\\midrule\nBern & 1.5 & 20\\% \\\\% the first & best\nRom & $-2.5$ & 30\\,\\% \\\\\n\\cmidrule(lr){2-3}\nWien & 1{,}000 & 5\\% \\\\\n\\bottomrule\n\\end{tabular}\n\\end{table}\n",
        "\\begin{tabular}[t]{|l|r|r|} \\hline % the names\ntown & size & share\\\\ \\hline \\hline\nBern & \\textbf{1.5} & 20\\%\\\\[2pt] \\hline\nRom & -2.5\n & 30\\% \\\\ Wien & 1,000 & 5\\% \\\\ \\hline\n\\end{tabular}",
        "\\begin{longtable}{lrr}\n\\toprule\ntown & size & share \\\\\n\\midrule\n\\endfirsthead\n\\toprule\ntown & size & share \\\\\n\\midrule\n\\endhead\n\\midrule\n\\multicolumn{3}{r}{Continued on next page} \\\\\n\\endfoot\n\\bottomrule\n\\endlastfoot\nBern & 1.5 & 20\\% \\\\\nRom & -2.5 & 30\\% \\\\\nWien & 1,000 & 5\\% \\\\\n\\end{longtable}\n",
    ] {
        let found = read(text).expect(text);
        assert_eq!(found.iter().map(|row| row.replace(" %", "%")).collect::<Vec<_>>(), wanted, "{text}");
        assert!(looks_so(text, true));
    }
}

#[test]
fn cells_are_read_without_their_commands() {
    for (cell, wanted) in [
        ("\\textbf{12.5}", "12.5"),
        ("$1.2 \\pm 0.1$", "1.2 ± 0.1"),
        ("1.5^{***}", "1.5***"),
        ("$1.5 \\times 10^{3}$", "1.5 × 10^3"),
        ("a\\_b \\& c", "a_b & c"),
        ("\\makecell{two \\\\ lines}", "two lines"),
        ("12~kg", "12 kg"),
        ("---", "—"),
        ("20--29", "20–29"),
    ] {
        assert_eq!(said(cell), wanted, "{cell}");
    }
    for (cell, text, wide, high) in [
        ("\\multicolumn{2}{c}{Left}", "Left", 2, 1),
        ("\\multirow{3}{*}{x}", "x", 1, 3),
        ("\\multirow[t]{2}*{\\textbf{x}}", "\\textbf{x}", 1, 2),
        ("\\multicolumn{2}{c}{\\multirow{2}{2cm}{x y}}", "x y", 2, 2),
        ("plain", "plain", 1, 1),
        ("\\multicolumn{2}", "\\multicolumn{2}", 1, 1),
    ] {
        assert_eq!(spanned(cell), Span { text, wide, high }, "{cell}");
    }
}

#[test]
fn a_cell_over_several_rows_stands_for_each_of_them() {
    let text = "\\begin{tabular}{lr}\n\\multirow{2}{*}{town} & size \\\\\n & m \\\\ \\hline\n\
        \\multirow{2}{*}{Bern} & 1 \\\\\n & 2 \\\\ \\hline\n\\multirow{9}{*}{Rom} & 3 \\\\\n & 4 \\\\\n\\end{tabular}";
    let found = read(text).expect("a table");
    assert_eq!(found[found.len() - 4..], ["Bern|1", "Bern|2", "Rom|3", "Rom|4"], "{found:?}");
}

#[test]
fn what_holds_no_table_is_refused_in_words() {
    for (text, said) in [
        ("\\section{None}\n", "holds no table"),
        ("\\begin{tabular}{l}a & b\\end{tabular}", "fewer than two rows"),
        ("\\begin{tabular}{", "fewer than two rows"),
    ] {
        let error = read(text).map(|_| ()).expect_err(text).to_string();
        assert!(error.contains(said) && error.contains("a.tex"), "{error}");
    }
    assert!(!looks_so("\\begin{itemize}\n", true) && !looks_so("a & b \\\\\n", true));
}
