// What `sniff` tells people of a file.
import {formatInteger, formatNewline, quantity} from '../../../text/format.ts';
import {displayPath} from '../../../text/path-text.ts';
import {safe} from '../../../text/safe.ts';
import {displayWidth, padEnd} from '../../../text/width.ts';
import type {Problem} from './problems.ts';
import type {SniffedDialect, SniffedFile} from './sniffed-file.ts';

/**
@param width - Of the terminal; where it is none, lines are as long as they are.
@param lacks - What the nearest analysis lacks.
@returns Whole lines; an empty one in front, unless it is the first file.
*/
export function sniffedLines(
	sniffed: SniffedFile,
	isFirst: boolean,
	width = Number.POSITIVE_INFINITY,
	lacks?: string,
): string {
	const {file, dialect, columns, records, problems, analyses} = sniffed;
	const isTable = columns.length > 0;
	const lines = [
		safe(displayPath(file)),
		...(dialect === null ? [] : [`  written as  ${describeDialect(dialect, isTable)}`]),
		...(dialect === null
			? []
			: [
					`  holds       ${isTable ? `${quantity(columns.length, 'column')}, ${quantity(records, 'record')}` : quantity(records, 'line')}${sniffed.quick === true ? ' in the first MiB, and more behind it' : ''}`,
				]),
		...tableOf(columns.map(({name, type, format}) => [safe(name), format === null ? type : `${type} ${safe(format)}`])),
		...(analyses.length === 0 ? [] : [`  fits        ${analyses.join(', ')}`]),
		...(lacks === undefined ? [] : [`  lacks       ${safe(lacks)}`]),
		...problemLines(problems),
	];
	const text = lines.flatMap(line => breakLine(line, width)).join('\n');
	return `${isFirst ? '' : '\n'}${text}\n`;
}

const DELIMITER_NAMES: ReadonlyMap<string, string> = new Map([
	[',', 'comma'],
	[';', 'semicolon'],
	['\t', 'tab'],
	['|', 'pipe'],
	[':', 'colon'],
	[' ', 'space'],
]);

function describeDialect(dialect: SniffedDialect, isTable: boolean): string {
	const {delimiter, quote, encoding, newline, header, compression, comment} = dialect;
	const name = DELIMITER_NAMES.get(delimiter);
	return [
		...(isTable ? [name === undefined ? `delimiter ${safe(delimiter)}` : `${name}`] : []),
		...(isTable && quote === '' ? ['no quotes'] : []),
		...(isTable && quote !== '' && quote !== '"' ? [`quotes ${quote}`] : []),
		...(dialect.escape !== null && dialect.escape !== quote ? [`escape ${dialect.escape}`] : []),
		encoding,
		formatNewline(newline),
		...(isTable && !header ? ['no header'] : []),
		...(dialect.skip_lines > 0 ? [`${quantity(dialect.skip_lines, 'line')} in front`] : []),
		...(dialect.skip_footer > 0 ? [`${quantity(dialect.skip_footer, 'line')} behind`] : []),
		...(comment === null ? [] : [`comments begin with ${safe(comment)}`]),
		...(dialect.decimal === null ? [] : [`decimal ${dialect.decimal}`]),
		...(dialect.thousands === null ? [] : [`thousands ${safe(dialect.thousands)}`]),
		...(compression === null ? [] : [compression]),
	].join(', ');
}

/** The rest of a line stands below its text, further in than that of the next line. */
const REST_INDENT = ' '.repeat(14);

/** Blanks stay, because those of cells say something. */
function breakLine(text: string, width: number): string[] {
	const lines: string[] = [];
	let line = '';
	for (const [index, word] of text.split(' ').entries()) {
		const longer = index === 0 ? word : `${line} ${word}`;
		if (displayWidth(longer) <= width || line.trim() === '') line = longer;
		else {
			lines.push(line);
			line = REST_INDENT + word;
		}
	}
	return [...lines, line];
}

const NAME_COLUMNS = 30;
/** Of a file with more, the first are shown. */
const MAX_COLUMNS = 100;

function tableOf(rows: readonly (readonly [name: string, type: string])[]): string[] {
	const shown = rows.slice(0, MAX_COLUMNS);
	const more = rows.length - shown.length;
	const width = Math.min(NAME_COLUMNS, Math.max(0, ...shown.map(([name]) => displayWidth(name))));
	return [
		...shown.map(([name, type]) => `    ${padEnd(name, width)}  ${type}`),
		...(more > 0 ? [`    and ${quantity(more, 'more column')}, which --json lists`] : []),
	];
}

function problemLines(problems: readonly Problem[]): string[] {
	if (problems.length === 0) return ['  problems    none'];
	const describe = ({line, message, code}: Problem): string =>
		`    ${line === null ? '' : `line ${formatInteger(line)}: `}${safe(message)} [${code}]`;
	return [`  problems    ${formatInteger(problems.length)}`, ...problems.map(describe)];
}
