import type {ReactNode} from 'react';
import {T} from '../texts.ts';
import {Dialog} from './dialog.tsx';
import {switchKeys, useKeysAreOn} from './keys.ts';

export function HelpDialog({onClose}: {readonly onClose: () => void}): ReactNode {
	const isOn = useKeysAreOn();
	return (
		<Dialog title={T.keys.title} onClose={onClose}>
			<p>{T.keys.hint}</p>
			<dl className="keys">
				{Object.entries(T.keys.list).map(([keys, does]) => (
					<div key={keys}>
						<dt>
							{keys.split(' ').map(key => (
								<kbd key={key}>{key}</kbd>
							))}
						</dt>
						<dd>{does}</dd>
					</div>
				))}
			</dl>
			<label className="check">
				<input type="checkbox" checked={isOn} onChange={event => switchKeys(event.target.checked)} />
				{T.keys.on}
			</label>
			<h3>{T.files.filter}</h3>
			<p>{T.files.filterHelp}</p>
			<p>
				<a href="/docs">API</a>
			</p>
		</Dialog>
	);
}
