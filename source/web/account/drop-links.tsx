// Links for others to send files in: made, seen and withdrawn.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import {type FormEvent, type ReactNode, useState} from 'react';
import {formatBytes} from '../../text/format.ts';
import {ask} from '../api/ask.ts';
import {type Column, DataTable} from '../shell/data-table.tsx';
import {Field} from '../shell/field.tsx';
import {SelectField} from '../shell/select-field.tsx';
import {show} from '../shell/show-text.ts';
import {ShownOnce} from '../shell/shown-once.tsx';
import {Answered, Fault} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';

interface DropLink {
	readonly id: string;
	readonly name: string;
	readonly max_bytes: number;
	readonly max_files: number;
	readonly used_bytes: number;
	readonly used_files: number;
	readonly expires_at: string;
	readonly last_used_at: string | null;
}

const PATH = '/api/v1/droplinks';
const GIB = 1024 ** 3;

export function DropLinks(): ReactNode {
	const queries = useQueryClient();
	const action = useAction();
	const links = useQuery({
		queryKey: ['droplinks'],
		queryFn: async ({signal}) =>
			(await ask<{readonly droplinks: readonly DropLink[]}>('GET', PATH, {signal})).droplinks,
	});
	const reload = () => queries.invalidateQueries({queryKey: ['droplinks']});
	const columns: readonly Column<DropLink>[] = [
		{
			...{id: 'name', title: T.account.linkFor, rank: ({name}) => name},
			show: ({name}) => (
				<span className="cell-text">
					<bdi>{show(name, 100)}</bdi>
				</span>
			),
		},
		{
			...{id: 'files', title: T.files.title, rank: link => link.used_files, isFigure: true},
			show: link => T.overview.ofLimit(String(link.used_files), String(link.max_files)),
		},
		{
			...{id: 'bytes', title: T.admin.bytes, rank: link => link.used_bytes, isFigure: true},
			show: link => T.overview.ofLimit(formatBytes(link.used_bytes), formatBytes(link.max_bytes)),
		},
		{
			...{id: 'used', title: T.account.lastUsed, rank: link => link.last_used_at},
			show: link => <Time at={link.last_used_at} />,
		},
		{id: 'until', title: T.account.until, rank: link => link.expires_at, show: link => <Time at={link.expires_at} />},
		{
			...{id: 'withdraw', title: T.admin.action},
			show: ({id, name}) => (
				<button
					type="button"
					aria-label={`${T.admin.withdraw}: ${show(name, 60)}`}
					onClick={() => {
						void action.run(async () => {
							await ask('DELETE', `${PATH}/${id}`);
							await reload();
						});
					}}
				>
					{T.admin.withdraw}
				</button>
			),
		},
	];
	return (
		<section aria-label={T.account.parts.links}>
			<p className="hint">{T.account.linksHint}</p>
			<NewLink onMade={() => void reload()} />
			{action.fault !== null && <Fault reason={action.fault} />}
			<Answered query={links}>
				{rows => (
					<DataTable
						caption={T.account.parts.links}
						isCaptionHidden
						columns={columns}
						rows={rows}
						keyOf={({id}) => id}
					/>
				)}
			</Answered>
		</section>
	);
}

function NewLink({onMade}: {readonly onMade: () => void}): ReactNode {
	const [name, setName] = useState('');
	const [seconds, setSeconds] = useState('86400');
	const [gib, setGib] = useState('1');
	const [files, setFiles] = useState('100');
	const [link, setLink] = useState<string | null>(null);
	const action = useAction();
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		void action.run(async () => {
			const json = {
				...{name: name.trim(), expires_in: Number(seconds)},
				...{max_bytes: Math.round(Number(gib) * GIB), max_files: Number(files)},
			};
			const {token} = await ask<{readonly token: string}>('POST', PATH, {json});
			// Behind the #, which is sent to nobody.
			setLink(`${location.origin}/app/drop#token=${encodeURIComponent(token)}`);
			setName('');
			onMade();
		});
	};
	return (
		<form onSubmit={submit}>
			<Field
				label={T.account.linkFor}
				hint={T.account.linkForHint}
				autoComplete="off"
				maxLength={100}
				required
				value={name}
				onChange={event => setName(event.target.value)}
			/>
			<SelectField label={T.account.lifetime} value={seconds} choices={T.account.linkLifetimes} onChange={setSeconds} />
			<Field
				label={T.account.maxGib}
				type="number"
				min="0.001"
				step="any"
				required
				value={gib}
				onChange={event => setGib(event.target.value)}
			/>
			<Field
				label={T.account.maxFiles}
				type="number"
				min="1"
				max="1000000"
				required
				value={files}
				onChange={event => setFiles(event.target.value)}
			/>
			{action.fault !== null && <Fault reason={action.fault} />}
			<button type="submit" className="strong" disabled={action.isBusy}>
				{T.account.makeLink}
			</button>
			{link !== null && <ShownOnce hint={T.account.linkMade} text={link} />}
		</form>
	);
}
