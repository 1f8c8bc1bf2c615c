import type {Dialect} from '../../../input/dialect.ts';
import {noEvidence, type TextEvidence} from '../../../input/text-evidence.ts';
import type {DialectReport} from '../../../model/report.ts';

/** How a file was read, as its report has it. @param hasRecord - Whether the file has any record, which may be its header. */
export function reportDialect(
	{delimiter, quote, escaping, headerRows, skipLines, skipFooter, comment, problems = []}: Dialect,
	encoding: string,
	newline: DialectReport['newline'],
	hasRecord: boolean,
	evidence: TextEvidence = noEvidence,
): DialectReport {
	const isMixed = problems.some(({code}) => code === 'MIXED_NEWLINES');
	return {
		...{delimiter, quote, encoding, newline: isMixed ? 'mixed' : newline, header: headerRows > 0 && hasRecord},
		...(escaping === 'backslash' && {escape: '\\'}),
		...(skipLines > 0 && {skip_lines: skipLines}),
		...(skipFooter > 0 && {skip_footer: skipFooter}),
		...(comment !== '' && {comment}),
		...assumedOf(evidence),
		...(problems.length > 0 && {
			problems: problems.map(({byteOffset, ...problem}) => ({...problem, byte_offset: byteOffset})),
		}),
		compression: null,
	};
}

/** What a report says of an encoding that is assumed. */
export const assumedOf = ({notUtf8, hasUtf8}: TextEvidence): Pick<DialectReport, 'encoding_assumed'> =>
	notUtf8 === null ? {} : {encoding_assumed: {line: notUtf8.line, byte_offset: notUtf8.byteOffset, mixed: hasUtf8}};
