// Rejected records: the first ones with what is wrong with them; whole, as they stand in the file, where somebody asks for that.
import {useQuery} from '@tanstack/react-query';
import {type ReactNode, useState} from 'react';
import type {RejectReport} from '../../model/report.ts';
import {rejectsOf} from '../../store/analysis-results.ts';
import {formatInteger} from '../../text/format.ts';
import {request} from '../api/ask.ts';
import type {ResultAnswer} from '../api/types.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Answered} from '../shell/states.tsx';
import {T} from '../texts.ts';

interface Shown {
	readonly key: string;
	readonly line: number;
	readonly column: string | null;
	readonly reason: string;
	readonly value: string;
	readonly record: string | null;
}

const {reject: TITLES} = T.result;
const CELL = 200;
/** Of a file of rejects so much is looked at, and so many records of it. */
const MOST_BYTES = 1024 * 1024;
const MOST_RECORDS = 200;

const texts = (text: string): ReactNode => (
	<span className="cell-text">
		<bdi>{show(text, CELL)}</bdi>
	</span>
);
const COLUMNS: readonly Column<Shown>[] = [
	{id: 'line', title: TITLES.line, isFigure: true, rank: ({line}) => line, show: ({line}) => formatInteger(line)},
	{id: 'column', title: TITLES.column, rank: ({column}) => column, show: ({column}) => texts(column ?? T.none)},
	{id: 'reason', title: TITLES.reason, rank: ({reason}) => reason, show: ({reason}) => texts(reason)},
	{id: 'value', title: TITLES.value, rank: ({value}) => value, show: ({value}) => texts(value)},
];
const RAW: Column<Shown> = {
	...{id: 'record', title: TITLES.record},
	show: ({record}) => <code className="record">{show(record ?? '', 500)}</code>,
};

export function Rejects({result}: {readonly result: ResultAnswer}): ReactNode {
	const [isRaw, setRaw] = useState(false);
	const {rejected_rows: count, links} = result;
	if (count === 0) return <p>{T.result.noRejects}</p>;
	const rejects = rejectsOf(result);
	return (
		<section aria-labelledby="rejects">
			<h2 id="rejects">{T.result.rejects}</h2>
			<p>{T.result.rejectsAll(count)}</p>
			{links.rejects !== undefined && (
				<label className="check">
					<input type="checkbox" checked={isRaw} onChange={event => setRaw(event.target.checked)} />
					{T.result.raw}
				</label>
			)}
			{isRaw && links.rejects !== undefined ? (
				<RawRejects path={links.rejects} count={count} />
			) : (
				<RejectTable rejects={rejects.map(toShown)} columns={COLUMNS} count={count} />
			)}
		</section>
	);
}

const toShown = ({line, column, reason, value}: RejectReport, index: number): Shown => ({
	...{key: String(index), line, column, reason, value, record: null},
});

function RejectTable({
	rejects,
	columns,
	count,
}: {
	readonly rejects: readonly Shown[];
	readonly columns: readonly Column<Shown>[];
	readonly count: number;
}): ReactNode {
	return (
		<>
			<DataTable caption={T.result.rejects} isCaptionHidden columns={columns} rows={rejects} keyOf={({key}) => key} />
			{rejects.length < count && <p className="hint">{T.result.rejectsOf(rejects.length, count)}</p>}
		</>
	);
}

function RawRejects({path, count}: {readonly path: string; readonly count: number}): ReactNode {
	const query = useQuery({
		queryKey: ['rejects', path],
		staleTime: Number.POSITIVE_INFINITY,
		queryFn: async ({signal}) => {
			const headers = {range: `bytes=0-${MOST_BYTES - 1}`};
			const [response, {parse}] = await Promise.all([
				request('GET', path, {headers, signal}),
				import('csv-parse/browser/esm/sync'),
			]);
			const text = await response.text();
			// A file that is longer is cut somewhere in a record.
			const isCut =
				response.status === 206 && !response.headers.get('content-range')?.endsWith(`/${new Blob([text]).size}`);
			const whole = isCut ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
			const records = parse(whole, {
				columns: true,
				relax_column_count: true,
				skip_records_with_error: true,
				to: MOST_RECORDS,
				bom: true,
			});
			return (records as Readonly<Record<string, string>>[]).map(
				(record, index): Shown => ({
					...{key: String(index), line: Number(record._line), column: record._column || null},
					...{reason: record._reason ?? '', value: record._value ?? '', record: record._record ?? ''},
				}),
			);
		},
	});
	return (
		<Answered query={query}>
			{rejects => <RejectTable rejects={rejects} columns={[...COLUMNS, RAW]} count={count} />}
		</Answered>
	);
}
