// What `fileproc-tui help formats` says; `topic-lines.ts` explains how it is written.
export const FORMATS = `
How a file is written is found from its beginning, and the report and the details say what was found: delimiter (, ; tab | : and others,
also of two characters), quotes (", ' or none), lines in front of the table and behind it, a header or none (the columns are column_1 ...
then), LF, CRLF or CR, and UTF-8, UTF-16, UTF-32 or else Windows-1252, which is told as an assumption. --delimiter, --encoding and their
like say it for all files, 'dialect' in a configuration file by name, forms of numbers and dates too. What looks wrong, such as a second
table, mixed line ends or an uneven header, is told with its line; 'sniff' also tells of cells that are not of the type of their column,
blank lines between records, quotes inside of fields, records of totals, characters that no sound text has, and a last record that is cut
off.

Columns are found by what exports call them in English, German, French, Dutch and Spanish, where nine tenths of the first cells fit:
Kunde;Betrag;Buchungstag;Kategorie is a table of transactions. Credit and Debit are one amount. Where several columns fit equally well the
file fails and says which --map to type; a table that fits nothing is profiled, and says what it lacks. 'aliases' in a configuration file
adds names.

    fileproc-tui sniff ./data                      how each file is written, its columns, and what is wrong with it, with line and byte
    fileproc-tui convert ./data -o clean.parquet   the sound records of all files with the same columns as one: .csv, .jsonl or .parquet with types
    fileproc-tui convert ./data -o clean.csv --map amount=Betrag     the same with the heading Betrag written as amount
    fileproc-tui sniff ./data --quick              the same of the first MiB of each
    fileproc-tui ./data --rejects bad.csv          every bad record with its place and reason; corrected, the file is read as the table it came from

A quote that is never closed loses its line, not the rest of the file, and a byte that is no character in the encoding loses its record.
Rows of nothing but commas ('padding'), the header again (repeated-header) and records with NUL bytes (nul-byte) are rejected, too. Parquet
is read, with each value as its exact text. What is cut off, damaged, encrypted or grows without end when it is unpacked fails with its
reason, alone.
`;
