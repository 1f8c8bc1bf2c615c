import {useQuery} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {formatBytes, formatInteger} from '../../text/format.ts';
import {ask} from '../api/ask.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {show} from '../shell/show-text.ts';
import {Answered} from '../shell/states.tsx';
import {T} from '../texts.ts';

interface UserUsage {
	readonly id: string;
	readonly name: string;
	readonly role: string;
	readonly files: number;
	readonly bytes: number;
	readonly running: number;
	readonly waiting: number;
}

const COLUMNS: readonly Column<UserUsage>[] = [
	{
		...{id: 'name', title: T.admin.name, rank: ({name}) => name},
		show: ({name}) => (
			<span className="cell-text">
				<bdi>{show(name, 80)}</bdi>
			</span>
		),
	},
	{id: 'role', title: T.admin.role, rank: ({role}) => role, show: ({role}) => role},
	{id: 'bytes', title: T.admin.bytes, isFigure: true, rank: ({bytes}) => bytes, show: ({bytes}) => formatBytes(bytes)},
	...(['files', 'running', 'waiting'] as const).map(
		(key): Column<UserUsage> => ({
			...{id: key, title: T.admin[key], isFigure: true, rank: usage => usage[key]},
			show: usage => formatInteger(usage[key]),
		}),
	),
];

export function UsageOfAll(): ReactNode {
	const usage = useQuery({
		queryKey: ['usage-of-all'],
		queryFn: async ({signal}) =>
			(await ask<{readonly users: readonly UserUsage[]}>('GET', '/api/v1/usage/users', {signal})).users,
	});
	return (
		<Answered query={usage}>
			{users => (
				<DataTable caption={T.admin.usage} isCaptionHidden columns={COLUMNS} rows={users} keyOf={({id}) => id} />
			)}
		</Answered>
	);
}
