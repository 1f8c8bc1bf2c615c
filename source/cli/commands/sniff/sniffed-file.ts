// The report of a file -> what `sniff --json` tells of it. Scripts rely on these names.
import {textAnalysesOf} from '../../../analysis/registry.ts';
import type {ColumnDialect, DialectReport, FileReport} from '../../../model/report.ts';
import type {ColumnResult, ColumnType} from '../../../model/results.ts';
import {describeForm} from '../../../store/column-forms.ts';
import {type Problem, problemsOf} from './problems.ts';
import {columnsOfTable} from './what-is-sniffed.ts';

export interface SniffedFile {
	/** The path as given or found. */
	readonly file: string;
	/** `null` where the file could not be read. */
	readonly dialect: SniffedDialect | null;
	/** In their order; none where the file could not be read, or is read as lines of text. */
	readonly columns: readonly SniffedColumn[];
	/** Data records, or lines of a text; those with a problem count, too. */
	readonly records: number;
	readonly problems: readonly Problem[];
	/** The names of the analyses that can be made of it. */
	readonly analyses: readonly string[];
	/** The cells of the first five records. */
	readonly preview: readonly (readonly string[])[];
	/** There with --quick: whether only the beginning of the file was read. Then all of this, `records` too, is of that alone. */
	readonly quick?: boolean;
}

/** What a report has only where it is not as usual. */
type Unusual = 'escape' | 'skip_lines' | 'skip_footer' | 'comment' | 'columns';

export interface SniffedDialect extends Omit<DialectReport, Unusual> {
	/** What makes a quote in a quoted field text: another one (`"`), or a backslash. */
	readonly escape: string | null;
	/** Lines in front of the header that belong to no table. */
	readonly skip_lines: number;
	/** Lines behind the table that do not belong to it. */
	readonly skip_footer: number;
	/** What lines begin with that are no records; `null` where there are none. */
	readonly comment: string | null;
	/** What stands in front of decimals, and between groups of digits; `null` where no column has any, or columns differ. */
	readonly decimal: string | null;
	readonly thousands: string | null;
}

export interface SniffedColumn {
	readonly name: string;
	readonly type: ColumnType;
	/** How its cells are written, where their type leaves a choice: `1.234,56`, `d/m/y`; `null` otherwise. */
	readonly format: string | null;
	/** Why that is not known; only where its numbers or dates read in several ways. */
	readonly undecided?: NonNullable<ColumnResult['undecided']>;
}

/**
@param isQuick - Whether no more than the beginning was to be read.
@param oddCells - Those that are not of the type of their column.
*/
export function describeFile(report: FileReport, isQuick = false, oddCells: readonly Problem[] = []): SniffedFile {
	const {file, dialect, rows, structure, analysis} = report;
	const columns = columnsOf(report);
	return {
		file,
		dialect: dialect === null ? null : sniffedDialect(dialect, columns),
		columns,
		records: rows,
		problems: problemsOf(report, columns, oddCells),
		analyses: analysis === 'lines' ? textAnalysesOf(null) : (structure?.analyses ?? []),
		preview: structure?.first_records ?? [],
		...(isQuick && {quick: structure?.is_cut === true}),
	};
}

/** In the order of the contract. What a report does not say is as usual. */
function sniffedDialect(dialect: DialectReport, columns: readonly SniffedColumn[]): SniffedDialect {
	const {delimiter, quote, escape: escaping = quote === '' ? null : quote, encoding, newline, header} = dialect;
	const {skip_lines = 0, skip_footer = 0, comment = null, compression} = dialect;
	return {
		...{delimiter, quote, escape: escaping, encoding, newline, header},
		...{skip_lines, skip_footer, comment, compression, ...signsOf(dialect, columns)},
	};
}

/** The signs that all columns of numbers have in common. */
function signsOf(
	{columns: ofForms = []}: DialectReport,
	columns: readonly SniffedColumn[],
): Pick<SniffedDialect, 'decimal' | 'thousands'> {
	const inForms = ofForms.filter(({decimal}) => decimal !== undefined);
	const isPlain = columns.some(({type}, index) => type === 'decimal' && inForms.every(form => form.index !== index));
	return {
		decimal: onlyOne([...inForms.map(({decimal}) => decimal), ...(isPlain ? ['.'] : [])]),
		thousands: onlyOne(inForms.map(({thousands}) => thousands)),
	};
}

function onlyOne(signs: readonly (string | undefined)[]): string | null {
	const [sign, ...others] = new Set(signs.filter(each => each !== undefined));
	return others.length === 0 ? (sign ?? null) : null;
}

function columnsOf(report: FileReport): readonly SniffedColumn[] {
	const {dialect} = report;
	return columnsOfTable(report).map(({name, type, index, undecided}) => ({
		name,
		type,
		format: formatOf(
			type,
			dialect?.columns?.find(form => form.index === index),
		),
		...(undecided !== undefined && {undecided}),
	}));
}

function formatOf(type: ColumnType, form: ColumnDialect | undefined): string | null {
	if (form !== undefined) return describeForm(form);
	return type === 'date' || type === 'timestamp' ? 'y-m-d' : null;
}
