// How the columns of a file are written, for people: `amount 1.234,56`, `date d/m/y`.
import type {ColumnDialect} from '../model/report.ts';

/** `1.234,56` or `d/m/y` */
export const describeForm = ({decimal, thousands = '', percent, date_format}: ColumnDialect): string =>
	[
		...(decimal === undefined ? [] : [`1${thousands}234${decimal}56${percent === true ? ' %' : ''}`]),
		...(date_format === undefined ? [] : [date_format]),
	].join(' ');
