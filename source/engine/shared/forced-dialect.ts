// What the user says of how files are written, as readers take it.
import type {ForcedForms} from '../../analysis/forms/decide.ts';
import type {FormSettings} from '../../analysis/forms/with-forms.ts';
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
	/** In which forms their numbers and dates are. */
	readonly forms: ForcedForms;
}

/** @param fileName - With the folders in front of it, which do not count. */
const isOf = ({name}: DialectRule, fileName: string | null): boolean =>
	fileName !== null && name.test(fileName.slice(fileName.lastIndexOf('/') + 1));

const saysNothing = ({dialect, nullText}: ForcedDialect): boolean =>
	nullText === null && Object.keys(dialect).length === 0;

/** Settings with the forms that are said of files with a name; what is said of all files comes first. */
export function withFormsFor<
	Settings extends {
		readonly forms?: FormSettings | undefined;
		readonly dialectRules?: readonly DialectRule[] | undefined;
	},
>(settings: Settings, fileName: string | null): Settings {
	const {forms, dialectRules: rules = []} = settings;
	const fitting = rules.filter(rule => isSaid(rule.forms) && isOf(rule, fileName));
	if (fitting.length === 0) return settings;
	const all = [...fitting.map(rule => rule.forms), forms?.forced ?? {}];
	const said = all.map(each => Object.fromEntries(Object.entries(each).filter(([, form]) => form !== undefined)));
	return {...settings, forms: {...forms, forced: Object.assign({}, ...said) as ForcedForms}};
}

const isSaid = (forms: ForcedForms): boolean => Object.values(forms).some(form => form !== undefined);

/** What is said of a file; of several that say something, the last one counts. `null` where nothing is. */
export function forcedFor(
	{
		forced,
		dialectRules: rules = [],
	}: {readonly forced?: ForcedDialect | undefined; readonly dialectRules?: readonly DialectRule[] | undefined},
	fileName: string | null,
): ForcedDialect | null {
	const fitting = [
		...rules.filter(rule => !saysNothing(rule) && isOf(rule, fileName)),
		...(forced === undefined ? [] : [forced]),
	];
	if (fitting.length === 0) return null;
	return {
		dialect: Object.assign({}, ...fitting.map(({dialect}) => dialect)) as Partial<Dialect>,
		nullText: fitting.findLast(({nullText}) => nullText !== null)?.nullText ?? null,
	};
}
