use super::*;

fn table(text: &str) -> Table {
    Table::of_lines(text, ',')
}

/// Records, and types and roles by their first letters.
fn read(text: &str) -> Option<(usize, String)> {
    below(&table(text)).map(|(records, said)| (records, written(&said)))
}

fn written(said: &[Said]) -> String {
    let one = |said: &Said| {
        let role = said.role.map_or("-", Role::name);
        format!("{}{}", said.holds.map_or('-', |t| format!("{t:?}").chars().next().unwrap_or('-')), &role[..1])
    };
    said.iter().map(one).collect::<Vec<_>>().join(" ")
}

#[test]
fn lines_below_the_names_say_what_columns_are() {
    for (text, wanted) in [
        ("c,c,d\n,,class\n1,2,a\n3,4,b", Some((2, "N- N- Cl"))),
        ("continuous,string,discrete\n,meta,class\n1,x,a\n3,y,b", Some((2, "N- Ts Cl"))),
        ("c,0 1,red\\ one blue\n,i,\n1,0,blue\n3,1,red one", Some((2, "N- Ci C-"))),
        ("d,d\n,class\na,b\nb,a", Some((2, "C- Cl"))),
        ("c,s\nunit=m name=a\\ b,meta type=image\n1,a\n2,b", Some((2, "N- Ts"))),
        ("float,varchar(20)\n1,a\n2,b\n3,a", Some((1, "N- T-"))),
        ("<dbl>,<chr>,<fct>\n1,a,b\n2,b,c", Some((1, "N- T- C-"))),
        ("feature,feature,label\n1,2,a\n2,3,b\n3,3,b", Some((1, "-f -f -l"))),
        ("c,d\n1,a\n2,b\n3,a", Some((1, "N- C-"))),
        // Rows of words, of letters that come again, and units.
        ("c,d\na,b\nc,d\nd,c", None),
        ("c,d\na,b\nb,a", None),
        ("s,m\n1,2\n3,4\n5,6", None),
        ("date,string\nstring,date\ndate,string", None),
        ("m/s,s\n1,2\n3,4", None),
        ("a,b\nc,d\ne,f", None),
    ] {
        let found = read(text);
        assert_eq!(found.as_ref().map(|(records, said)| (*records, said.as_str())), wanted, "{text}");
    }
}

#[test]
fn letters_before_the_names_say_what_columns_are() {
    for (names, left, wanted) in [
        ("C#a,D#b,mS#name,cD#kind,i#x", "a,b,name,kind,x", Some("N- C- Ts Cl -i")),
        ("a,b,c#kind", "a,b,kind", Some("-- -- -l")),
        ("C#4,D#4,E4", "C#4,D#4,E4", None),
        ("C#,F#,a", "C#,F#,a", None),
        ("#,a,b", "#,a,b", None),
        ("F#min,C#min", "F#min,C#min", None),
        ("order #,a", "order #,a", None),
    ] {
        let mut names: Vec<String> = names.split(',').map(str::to_owned).collect();
        let found = before_names(&mut names);
        assert_eq!((names.join(","), found.map(|said| written(&said)).as_deref()), (left.to_owned(), wanted));
    }
}

#[test]
fn the_last_category_of_attributes_is_the_class() {
    let number = Said { holds: Some(Type::Number), role: None };
    let category = Said { holds: of_attribute(" {a, b}"), role: None };
    for (names, wanted) in [("x,kind", Some(Role::Label)), ("class,kind", None)] {
        let names: Vec<String> = names.split(',').map(str::to_owned).collect();
        let mut said = [number, category];
        last_is_class(&names, &mut said);
        assert_eq!(said[1].role, wanted, "{names:?}");
    }
    assert_eq!(of_attribute("real [0.0, 1.5]"), Some(Type::Number));
    assert_eq!(of_attribute("integer[1,3]"), Some(Type::Number));
}
