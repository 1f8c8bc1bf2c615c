import {useInfiniteQuery, useQuery} from '@tanstack/react-query';
import {type ReactNode, useMemo} from 'react';
import {formatInteger} from '../../text/format.ts';
import {ask, reasonOf} from '../api/ask.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Fault, Loading} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {T} from '../texts.ts';

interface Line {
	readonly number: number;
	readonly at: string;
	readonly account: string | null;
	readonly by: string;
	readonly from: string | null;
	readonly action: string;
	readonly subject: string | null;
	readonly outcome: 'done' | 'refused';
	readonly code: string | null;
}

interface Page {
	readonly lines: readonly Line[];
	readonly head: {readonly number: number};
	readonly next_cursor: string | null;
}

const text = (value: string | null): ReactNode => (
	<span className="cell-text">
		<bdi>{show(value ?? T.none, 80)}</bdi>
	</span>
);

/** Names by the ids of accounts, which is what the log has. */
type Names = ReadonlyMap<string, string>;

const columnsWith = (names: Names): readonly Column<Line>[] => [
	{id: 'at', title: T.admin.at, rank: ({number}) => number, show: ({at}) => <Time at={at} />},
	{id: 'who', title: T.admin.who, rank: line => whoIn(line, names), show: line => text(whoIn(line, names))},
	{id: 'action', title: T.admin.action, rank: ({action}) => action, show: ({action}) => text(action)},
	{
		...{id: 'subject', title: T.admin.subject, rank: ({subject}) => subject},
		show: ({subject}) => text(names.get(subject ?? '') ?? subject),
	},
	{
		...{id: 'outcome', title: T.admin.outcome, rank: ({outcome}) => outcome},
		show: ({outcome, code}) => (code === null ? outcome : `${outcome}: ${code}`),
	},
	{id: 'from', title: T.admin.from, rank: ({from}) => from, show: ({from}) => text(from)},
];

const whoIn = ({account, by}: Line, names: Names): string => (account === null ? by : (names.get(account) ?? account));

async function readNames(signal: AbortSignal): Promise<Names> {
	const names = new Map<string, string>();
	let cursor: string | null = null;
	do {
		const place: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
		const page: {readonly users: readonly {id: string; name: string}[]; readonly next_cursor: string | null} =
			await ask('GET', `/api/v1/users?limit=1000${place}`, {signal});
		for (const {id, name} of page.users) names.set(id, name);
		cursor = page.next_cursor;
	} while (cursor !== null);
	return names;
}

const NO_NAMES: Names = new Map();

export function AuditLog(): ReactNode {
	// Without them, the ids are shown.
	const {data: names = NO_NAMES} = useQuery({queryKey: ['names'], queryFn: ({signal}) => readNames(signal)});
	const columns = useMemo(() => columnsWith(names), [names]);
	const audit = useInfiniteQuery({
		queryKey: ['audit'],
		initialPageParam: '',
		queryFn: ({pageParam, signal}) =>
			ask<Page>('GET', `/api/v1/audit?limit=200${pageParam === '' ? '' : `&cursor=${encodeURIComponent(pageParam)}`}`, {
				signal,
			}),
		getNextPageParam: page => page.next_cursor ?? undefined,
	});
	if (audit.isPending) return <Loading />;
	const pages = audit.data?.pages ?? [];
	return (
		<section aria-label={T.admin.audit}>
			{audit.isError && <Fault reason={T.failed(reasonOf(audit.error))} onRetry={() => void audit.refetch()} />}
			{pages[0] !== undefined && (
				<>
					<p className="hint">{T.admin.auditHead(formatInteger(pages[0].head.number))}</p>
					<DataTable
						caption={T.admin.audit}
						isCaptionHidden
						columns={columns}
						rows={pages.flatMap(({lines}) => lines)}
						keyOf={({number}) => String(number)}
					/>
				</>
			)}
			{audit.hasNextPage && (
				<button type="button" disabled={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
					{T.admin.more}
				</button>
			)}
		</section>
	);
}
