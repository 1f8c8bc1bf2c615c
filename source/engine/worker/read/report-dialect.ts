import type {Dialect} from '../../../input/dialect.ts';
import type {DialectReport} from '../../../model/report.ts';

/** How a file was read, as its report has it. @param hasRecord - Whether the file has any record, which may be its header. */
export function reportDialect(
	{delimiter, quote, escaping, headerRows, skipLines, skipFooter, comment}: Dialect,
	encoding: string,
	newline: DialectReport['newline'],
	hasRecord: boolean,
): DialectReport {
	return {
		...{delimiter, quote, encoding, newline, header: headerRows > 0 && hasRecord},
		...(escaping === 'backslash' && {escape: '\\'}),
		...(skipLines > 0 && {skip_lines: skipLines}),
		...(skipFooter > 0 && {skip_footer: skipFooter}),
		...(comment !== '' && {comment}),
		compression: null,
	};
}
