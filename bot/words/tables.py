"""What is wrong with a table that somebody sent, and where."""

SAME_ID = (
    "{table}, row {row}, column id: {id!r} already stands in row {other}. Ids must differ, or "
    "leave the column out."
)
DAMAGED = (
    "{table}, row {row}, column {column}: {text!r} is no code; a spreadsheet has changed it. Its "
    "number is left out: export it again as text."
)
NOT_TEXT = "{name} is not readable as text; save it again as CSV UTF-8."
OPEN_QUOTE = (
    "{name}, row {row}, column {column}: a quotation mark is opened and never closed, so the "
    "rows behind it can't be told apart. Close it, or take it out."
)
NOT_EXCEL = "{name} is not a readable Excel workbook."
NO_COLUMN = "{name} has no column {column!r}. Its columns are: {columns}."
TOO_LONG = "{where}: {length:,} characters; only the first {most:,} are used."
CONTROL_CHARACTERS = "{where}: control characters were left out."
TOO_MANY_ROWS = "{name}, row {row}: more than {most:,} rows; split the file."
TOO_LARGE = "{name} is larger than {most} MB; split the file, or leave columns out."
TOO_WIDE = (
    "{name}, row {row}: {columns:,} columns, and a table has {most:,} at most. Probably its rows "
    "are not ended by line breaks; export it again as CSV."
)
ZERO_LOST = (
    "{table}, row {row}, column {column}: {text!r} is shorter than the others. If a spreadsheet "
    "took a zero from its {end}, export the list again as text; nothing is guessed."
)
COMPARING = "Comparing {count:,} records; this takes a while. Ctrl-C stops it."
NO_FIELD = "There is no field {field!r} to map to; the fields are: {fields}."
UNREADABLE = "{name} cannot be read: {why}."
NO_USABLE_COLUMN = (
    "{name}, row {at}: no usable column. A {wanted} column is needed; the columns are: {listed}. "
    "Name it with --map {required}=COLUMN."
)
NO_ROWS = "{name} has a header but no rows."
NAMELESS = "{table}, row {row}, column {column}: empty, so the row was left out."
NO_NAMES = "{table}, column {column}: no row has anything in it. Name another with --map."
