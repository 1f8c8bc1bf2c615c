// One file: what was found in it, what can be made of it, what was made of it.
import {useQuery} from '@tanstack/react-query';
import {type ReactNode, useState} from 'react';
import {Link, useLocation, useSearchParams} from 'wouter';
import {formatBytes} from '../../text/format.ts';
import {ask, reasonOf} from '../api/ask.ts';
import {ProblemError} from '../api/problem.ts';
import type {FileAnswer, Preview} from '../api/types.ts';
import {Confirm} from '../shell/dialog.tsx';
import {show} from '../shell/show-text.ts';
import {Answered, Fault, Loading} from '../shell/states.tsx';
import {Time} from '../shell/times.tsx';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {act} from './act.ts';
import {useFileRow} from './file-store.ts';
import {PreviewTable} from './preview-table.tsx';
import {RunForm} from './run-form.tsx';
import {Status} from './status.tsx';
import {TasksOfFile} from './tasks-of-file.tsx';

export default function FileView({id}: {readonly id: string}): ReactNode {
	const row = useFileRow(id);
	// Asked again whenever its state has changed.
	const file = useQuery({
		queryKey: ['file', id, row?.status, row?.taskId],
		queryFn: ({signal}) => ask<FileAnswer>('GET', `/api/v1/files/${id}`, {signal}),
		placeholderData: before => (before?.file_id === id ? before : undefined),
	});
	return (
		<main id="content">
			<Answered query={file}>{answer => <FileDetails file={answer} />}</Answered>
		</main>
	);
}

function FileDetails({file}: {readonly file: FileAnswer}): ReactNode {
	const id = file.file_id;
	const [params] = useSearchParams();
	const [, navigate] = useLocation();
	const [isAsking, setAsking] = useState(false);
	const removing = useAction();
	const row = useFileRow(id);
	const preview = useQuery({
		queryKey: ['preview', id],
		queryFn: ({signal}) => ask<Preview>('GET', `/api/v1/files/${id}/preview`, {signal}),
		staleTime: Number.POSITIVE_INFINITY,
		retry: (count, error) => count < 5 && error instanceof ProblemError && error.status === 429,
	});
	return (
		<>
			<h1>
				<bdi>{show(file.relative_path ?? file.name)}</bdi>
			</h1>
			<p>
				<Status status={row?.status ?? file.status} isPaused={row?.isPaused ?? false} />
			</p>
			{file.error !== null && (
				<section className="placeholder fault" aria-label={T.file.error}>
					<p>{show(file.error.message, 2000)}</p>
				</section>
			)}
			{preview.isPending && <Loading />}
			{preview.isError && (
				<Fault reason={`${T.file.preview}: ${reasonOf(preview.error)}`} onRetry={() => void preview.refetch()} />
			)}
			{preview.data !== undefined && (
				<>
					<PreviewTable preview={preview.data} />
					<RunForm file={file} preview={preview.data} others={params.getAll('and')} />
				</>
			)}
			<TasksOfFile file={file} />
			<section aria-labelledby="details">
				<h2 id="details">{T.file.details}</h2>
				<dl className="facts">
					<div>
						<dt>{T.file.size}</dt>
						<dd>{formatBytes(file.size)}</dd>
					</div>
					<div>
						<dt>{T.file.received}</dt>
						<dd>
							<Time at={file.received_at} />
						</dd>
					</div>
					<div>
						<dt>{T.file.expires}</dt>
						<dd>{file.expires_at === null ? T.file.forEver : <Time at={file.expires_at} />}</dd>
					</div>
					<div>
						<dt>{T.file.sha256}</dt>
						<dd>
							<code className="long">{file.sha256}</code>
						</dd>
					</div>
				</dl>
				<div className="buttons">
					<a className="button" href={`/api/v1/files/${id}/original`} download>
						{T.file.original}
					</a>
					<button type="button" onClick={() => setAsking(true)}>
						{T.file.remove}
					</button>
					<Link href="/">{T.toFiles}</Link>
				</div>
				{removing.fault !== null && <Fault reason={removing.fault} />}
			</section>
			{isAsking && (
				<Confirm
					question={T.files.confirmRemove(1)}
					hint={T.files.confirmRemoveHint}
					action={T.files.remove}
					onClose={() => setAsking(false)}
					onConfirm={() => {
						void removing.run(async () => {
							const {reason} = await act('remove', [id]);
							if (reason !== null) throw new Error(reason);
							navigate('/');
						});
					}}
				/>
			)}
		</>
	);
}
