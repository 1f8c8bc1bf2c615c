// Where files are chosen, and how far those are that are on their way.
import {type ReactNode, useEffect, useRef, useState} from 'react';
import {Link} from 'wouter';
import {formatBytes, formatDuration, formatPercent, formatRate} from '../../text/format.ts';
import {announce} from '../shell/announce.tsx';
import {useKeys} from '../shell/keys.ts';
import {show} from '../shell/show-text.ts';
import {T} from '../texts.ts';
import {readChosen} from './dropped-files.ts';
import {InterruptedUploads} from './interrupted-uploads.tsx';
import {isOpen, type UploadItem, uploadQueue} from './upload-queue.ts';
import {useUploads} from './use-uploads.ts';

/** More than anybody reads; the others are counted. */
const MOST_SHOWN = 100;

export function UploadPanel(): ReactNode {
	const {items, bytesPerSecond, startsByItself} = useUploads();
	const chooser = useRef<HTMLInputElement>(null);
	const folderChooser = useRef<HTMLInputElement>(null);
	useKeys({u: () => chooser.current?.click()});
	return (
		<section className="uploads" aria-label={T.upload.title}>
			<div className="choose">
				<button type="button" className="strong" onClick={() => chooser.current?.click()}>
					{T.upload.choose}
				</button>
				<button type="button" onClick={() => folderChooser.current?.click()}>
					{T.upload.chooseFolder}
				</button>
				<Chooser input={chooser} label={T.upload.choose} />
				<Chooser input={folderChooser} label={T.upload.chooseFolder} isFolder />
				<span className="hint">{T.upload.hint}</span>
				<label className="check">
					<input
						type="checkbox"
						checked={startsByItself}
						onChange={event => uploadQueue.setStartsByItself(event.target.checked)}
					/>
					{T.upload.starts}
				</label>
			</div>
			<InterruptedUploads />
			{items.length > 0 && <UploadList items={items} bytesPerSecond={bytesPerSecond} />}
		</section>
	);
}

interface ChooserProps {
	readonly input: React.RefObject<HTMLInputElement | null>;
	readonly label: string;
	readonly isFolder?: boolean;
}

const Chooser = ({input, label, isFolder = false}: ChooserProps): ReactNode => (
	<input
		ref={input}
		type="file"
		multiple
		hidden
		aria-label={label}
		{...(isFolder && {webkitdirectory: ''})}
		onChange={({target}) => {
			void uploadQueue.add(readChosen(target.files ?? new DataTransfer().files));
			// The same file may be chosen again.
			target.value = '';
		}}
	/>
);

function UploadList({
	items,
	bytesPerSecond,
}: {
	readonly items: readonly UploadItem[];
	readonly bytesPerSecond: number | null;
}): ReactNode {
	const sent = items.filter(({state}) => state !== 'refused' && state !== 'failed');
	const [done, all] = [sent.filter(({state}) => state === 'done').length, sent.length];
	const [bytesSent, bytes] = [sum(sent, item => item.sent), sum(sent, item => item.bytes)];
	const isActive = items.some(({state}) => state === 'uploading' || state === 'waiting' || state === 'reconnecting');
	const isAnyPaused = items.some(({state}) => state === 'paused');
	const skipped = items.filter(({isJunk}) => isJunk);
	const shown = items.filter(({isJunk}) => !isJunk);
	useWarning(isActive || isAnyPaused);
	useDoneNotice(isActive, done);
	return (
		<>
			<div className="overall">
				<progress aria-label={T.upload.overallLabel} value={bytesSent} max={Math.max(1, bytes)} />
				<span className="figure">{T.upload.overall(done, all)}</span>
				<span className="figure">
					{formatBytes(bytesSent)} / {formatBytes(bytes)}
				</span>
				{bytesPerSecond !== null && isActive && (
					<span className="figure">
						{T.upload.speed(formatRate(bytesPerSecond), formatDuration(((bytes - bytesSent) / bytesPerSecond) * 1000))}
					</span>
				)}
				{isActive && (
					<button type="button" onClick={() => uploadQueue.pauseAll()}>
						{T.upload.pauseAll}
					</button>
				)}
				{isAnyPaused && (
					<button type="button" onClick={() => uploadQueue.resumeAll()}>
						{T.upload.resumeAll}
					</button>
				)}
				{items.some(item => !isOpen(item)) && (
					<button type="button" className="plain" onClick={() => uploadQueue.clearEnded()}>
						{T.upload.clear}
					</button>
				)}
			</div>
			<ul className="upload-list">
				{shown.slice(0, MOST_SHOWN).map(item => (
					<Row key={item.id} item={item} />
				))}
			</ul>
			{skipped.length > 0 && (
				<details>
					<summary>{T.upload.skipped(skipped.length)}</summary>
					<ul>
						{skipped.slice(0, MOST_SHOWN).map(({id, name, reason}) => (
							<li key={id}>
								<bdi>{show(name, 80)}</bdi>: {reason}
							</li>
						))}
					</ul>
				</details>
			)}
		</>
	);
}

function Row({item}: {readonly item: UploadItem}): ReactNode {
	const {id, name, relativePath, bytes, sent, state, reason, fileId} = item;
	const shown = show(relativePath ?? name, 200);
	return (
		<li className={`upload ${state}`}>
			<span className="name" title={shown}>
				<bdi>{shown}</bdi>
			</span>
			<span className="stage">{T.upload.states[state]}</span>
			{isOpen(item) && (
				<>
					<progress aria-label={T.upload.progress(shown)} value={sent} max={Math.max(1, bytes)} />
					<span className="figure">
						{formatPercent(bytes === 0 ? 1 : sent / bytes)} of {formatBytes(bytes)}
					</span>
				</>
			)}
			{reason !== null && <span className="reason">{reason}</span>}
			<span className="buttons">
				{(state === 'uploading' || state === 'reconnecting' || state === 'waiting') && (
					<button type="button" aria-label={`${T.upload.pause}: ${shown}`} onClick={() => void uploadQueue.pause(id)}>
						{T.upload.pause}
					</button>
				)}
				{state === 'paused' && (
					<button type="button" aria-label={`${T.upload.resume}: ${shown}`} onClick={() => uploadQueue.resume(id)}>
						{T.upload.resume}
					</button>
				)}
				{state === 'failed' && (
					<button type="button" aria-label={`${T.upload.again}: ${shown}`} onClick={() => uploadQueue.resume(id)}>
						{T.upload.again}
					</button>
				)}
				{isOpen(item) && (
					<button type="button" aria-label={`${T.upload.giveUp}: ${shown}`} onClick={() => void uploadQueue.giveUp(id)}>
						{T.upload.giveUp}
					</button>
				)}
				{fileId !== null && <Link href={`/files/${fileId}`}>{T.upload.open}</Link>}
			</span>
		</li>
	);
}

const sum = (items: readonly UploadItem[], figure: (item: UploadItem) => number): number =>
	items.reduce((total, item) => total + figure(item), 0);

/** Only while bytes are unsent: then the browser asks before it leaves. */
function useWarning(isNeeded: boolean): void {
	useEffect(() => {
		if (!isNeeded) return;
		const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
		addEventListener('beforeunload', warn);
		return () => removeEventListener('beforeunload', warn);
	}, [isNeeded]);
}

function useDoneNotice(isActive: boolean, done: number): void {
	const [wasActive, setWasActive] = useState(isActive);
	useEffect(() => {
		if (wasActive && !isActive && done > 0) announce(T.upload.doneStatus(done));
		setWasActive(isActive);
	}, [wasActive, isActive, done]);
}
