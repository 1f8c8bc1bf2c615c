// What `convert` writes, and where to.
import {type FlagValue, type FlagValues, getDefault} from './flags.ts';
import {quoted, UsageError} from './usage-error.ts';

export interface ConvertOptions {
	/** A file, a folder, or `-` for standard output. */
	readonly output: string;
	/** `null`: by the ending of the output. */
	readonly format: FlagValue<'to'> | null;
	/** Names of columns; `null` for all. */
	readonly columns: readonly string[] | null;
	/** Whether numbers and dates are written in one form. */
	readonly normalises: boolean;
	readonly guardsFormulas: boolean;
}

/** @throws {UsageError} */
export function readConvertOptions(values: FlagValues): ConvertOptions {
	const {output, to: format = null, columns = null} = values;
	if (output === undefined || output === '')
		throw new UsageError(
			'Say where convert writes to: -o clean.csv for one file, -o out/ for one each, -o - for stdout.',
		);
	return {
		output,
		format,
		columns: columns === null ? null : readNames(columns),
		normalises: values.normalise ?? getDefault('normalise'),
		guardsFormulas: values['guard-formulas'] ?? getDefault('guard-formulas'),
	};
}

/** Names as in a record of CSV. */
function readNames(text: string): readonly string[] {
	const names = Array.from(text.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g), ([, quoted, plain]) =>
		quoted === undefined ? (plain ?? '').trim() : quoted.replaceAll('""', '"'),
	);
	const twice = names.find((name, index) => names.indexOf(name) < index);
	if (names.includes('') || twice !== undefined)
		throw new UsageError(
			`--columns takes different names with commas between them, like id,amount; but got ${quoted(text)}.`,
		);
	return names;
}
