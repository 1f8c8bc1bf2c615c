// Mappings of columns that are kept: they are made where an analysis is started, and seen and removed here.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {ask} from '../api/ask.ts';
import type {KeptMapping} from '../api/types.ts';
import {mayCall, useUser} from '../session/session.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Answered, Fault} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

interface ListedMapping extends KeptMapping {
	readonly created_at: string;
}

const PATH = '/api/v1/mappings';

export function Mappings(): ReactNode {
	const queries = useQueryClient();
	const user = useUser();
	const action = useAction();
	const mappings = useQuery({
		queryKey: ['mappings'],
		queryFn: async ({signal}) =>
			(await ask<{readonly mappings: readonly ListedMapping[]}>('GET', PATH, {signal})).mappings,
	});
	const remove = ({name, version}: ListedMapping): void => {
		void action.run(async () => {
			// What has been saved since it was shown stays.
			await ask('DELETE', `${PATH}/${encodeURIComponent(name)}`, {headers: {'if-match': `"${version}"`}});
			await queries.invalidateQueries({queryKey: ['mappings']});
		});
	};
	return (
		<section aria-label={T.account.parts.columns}>
			<p className="hint">{T.account.mappingsHint}</p>
			{action.fault !== null && <Fault reason={action.fault} />}
			<Answered query={mappings}>
				{rows => (
					<DataTable
						caption={T.account.parts.columns}
						isCaptionHidden
						columns={columnsOf(mayCall(user, 'user') ? remove : null)}
						rows={rows}
						keyOf={({name}) => name}
					/>
				)}
			</Answered>
		</section>
	);
}

/** @param remove - `null`: the role may only look. */
const columnsOf = (remove: ((mapping: ListedMapping) => void) | null): readonly Column<ListedMapping>[] => [
	{
		...{id: 'name', title: T.admin.name, rank: ({name}) => name},
		show: ({name}) => (
			<span className="cell-text">
				<bdi>{show(name, 100)}</bdi>
			</span>
		),
	},
	{id: 'version', title: T.account.version, rank: ({version}) => version, isFigure: true, show: each => each.version},
	{
		...{id: 'columns', title: T.file.mapping},
		show: ({map}) => (
			<ul className="pairs">
				{Object.entries(map).map(([column, heading]) => (
					<li key={column}>
						{column}: <bdi>{show(heading, 80)}</bdi>
					</li>
				))}
			</ul>
		),
	},
	{
		...{id: 'saved', title: T.account.saved, rank: each => each.created_at},
		show: ({created_at: at}) => <Time at={at} />,
	},
	...(remove === null
		? []
		: [
				{
					...{id: 'remove', title: T.admin.action},
					show: (mapping: ListedMapping) => (
						<button
							type="button"
							aria-label={`${T.files.remove}: ${show(mapping.name, 60)}`}
							onClick={() => remove(mapping)}
						>
							{T.files.remove}
						</button>
					),
				},
			]),
];
