// What the user says of how files are written, as readers take it.
import type {Dialect} from '../../input/dialect.ts';

/** What is said of a file; the rest is found in it. */
export interface ForcedDialect {
	readonly dialect: Partial<Dialect>;
	/** One character per byte; `null` where cells are as they are. */
	readonly nullText: string | null;
}

/** Whether no more is said than which character stands between fields: the header says the rest as ever. */
export const saysDelimiterAlone = ({dialect, nullText}: ForcedDialect): boolean =>
	nullText === null && dialect.delimiter?.length === 1 && Object.keys(dialect).length === 1;

/** What is said of files with these names. */
export interface DialectRule extends ForcedDialect {
	readonly name: RegExp;
}

/** What is said of a file; of several that say something, the last one counts. `null` where nothing is. */
export function forcedFor(
	{
		forced,
		dialectRules: rules = [],
	}: {readonly forced?: ForcedDialect | undefined; readonly dialectRules?: readonly DialectRule[] | undefined},
	fileName: string | null,
): ForcedDialect | null {
	const fitting = [
		...rules.filter(({name}) => fileName !== null && name.test(fileName)),
		...(forced === undefined ? [] : [forced]),
	];
	if (fitting.length === 0) return null;
	return {
		dialect: Object.assign({}, ...fitting.map(({dialect}) => dialect)) as Partial<Dialect>,
		nullText: fitting.findLast(({nullText}) => nullText !== null)?.nullText ?? null,
	};
}
