// Uploads of an earlier page: browsers do not let a page keep a file, so it has to be chosen again.
import {useQuery, useQueryClient} from '@tanstack/react-query';
import type {ReactNode} from 'react';
import {formatPercent} from '../../text/format.ts';
import {show} from '../shell/show-text.ts';
import {T} from '../texts.ts';
import {findInterrupted, forget} from './upload-memory.ts';
import {isOpen} from './upload-queue.ts';
import {useUploads} from './use-uploads.ts';

export function InterruptedUploads(): ReactNode {
	const {items} = useUploads();
	const queries = useQueryClient();
	const open = items.filter(isOpen);
	const {data = []} = useQuery({queryKey: ['interrupted', open.length], queryFn: findInterrupted, staleTime: Infinity});
	// Those that go on in this page are shown there.
	const shown = data.filter(({name, bytes}) => !items.some(item => item.name === name && item.bytes === bytes));
	if (shown.length === 0) return null;
	return (
		<section aria-label={T.upload.interruptedTitle}>
			<ul className="upload-list">
				{shown.map(upload => (
					<li key={upload.key} className="upload interrupted">
						<span className="name">
							<bdi>{T.upload.interrupted(show(upload.name, 80), formatPercent(upload.sent / upload.bytes))}</bdi>
						</span>
						<span className="buttons">
							<button
								type="button"
								onClick={() => {
									void forget(upload).then(() => queries.invalidateQueries({queryKey: ['interrupted']}));
								}}
							>
								{T.upload.forget}
							</button>
						</span>
					</li>
				))}
			</ul>
		</section>
	);
}
