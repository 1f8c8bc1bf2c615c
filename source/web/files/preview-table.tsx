// What was found in a file before anything is made of it: how it is written, its columns, its first records.
import type {ReactNode} from 'react';
import {quantity} from '../../text/format.ts';
import type {Preview} from '../api/types.ts';
import {show} from '../shell/show-text.ts';
import {T} from '../texts.ts';

const DIALECT = [
	'delimiter',
	'quote',
	'encoding',
	'newline',
	'header',
	'skip_lines',
	'comment',
	'compression',
	'decimal',
	'thousands',
] as const;
const SPACES: Readonly<Record<string, string>> = {
	...{
		'\t': 'tab',
		' ': 'space',
		'\n': 'LF',
		'\r\n': 'CRLF',
		'\r': 'CR',
		'\u00a0': 'no-break space',
		'\u202f': 'narrow space',
	},
};
const CELL = 80;
/** Wider tables scroll; more than these nobody compares. */
const MOST_COLUMNS = 200;

export function PreviewTable({preview}: {readonly preview: Preview}): ReactNode {
	const {dialect, columns, records, problems, quick} = preview;
	const shown = columns.slice(0, MOST_COLUMNS);
	return (
		<section aria-labelledby="found">
			<h2 id="found">{T.file.understood}</h2>
			{dialect === null || columns.length === 0 ? (
				<p>{T.file.noTable}</p>
			) : (
				<dl className="facts">
					{DIALECT.flatMap(key => {
						const value = dialect[key];
						if (value === null || value === 0) return [];
						return (
							<div key={key}>
								<dt>{T.file.dialect[key]}</dt>
								<dd>{typeof value === 'boolean' ? (value ? T.yes : T.no) : (SPACES[value] ?? String(value))}</dd>
							</div>
						);
					})}
				</dl>
			)}
			{problems.length > 0 && (
				<>
					<h3>{T.file.problems}</h3>
					<ul>
						{problems.map(({message}) => (
							<li key={message}>{show(message, 500)}</li>
						))}
					</ul>
				</>
			)}
			{columns.length > 0 && (
				// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard.
				<div className="scroll" tabIndex={0}>
					<table>
						<caption>
							{T.file.firstRows}
							{records !== null && ` (${T.file.records(records, quick)}, ${quantity(columns.length, 'column')})`}
						</caption>
						<thead>
							<tr>
								{shown.map(({name, type, format}, index) => (
									// biome-ignore lint/suspicious/noArrayIndexKey: columns have no other identity, and stay where they are.
									<th key={index} scope="col">
										<bdi>{show(name, CELL)}</bdi>
										<small>{format === null ? type : `${type} ${format}`}</small>
									</th>
								))}
							</tr>
						</thead>
						<tbody>
							{preview.preview.map((record, row) => (
								// biome-ignore lint/suspicious/noArrayIndexKey: records have no other identity.
								<tr key={row}>
									{shown.map((_, index) => (
										// biome-ignore lint/suspicious/noArrayIndexKey: see above.
										<td key={index}>
											<bdi>{show(record[index] ?? '', CELL)}</bdi>
										</td>
									))}
								</tr>
							))}
						</tbody>
					</table>
				</div>
			)}
		</section>
	);
}
