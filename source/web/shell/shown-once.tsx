import type {ReactNode} from 'react';
import {T} from '../texts.ts';
import {copyText} from './copy-text.ts';

/** What the server tells once and does not keep: a link, a token, a secret. */
export const ShownOnce = ({hint, text}: {readonly hint: string; readonly text: string}): ReactNode => (
	<div className="placeholder" role="status">
		<p>{hint}</p>
		<p>
			<code className="long">{text}</code>
		</p>
		<button type="button" onClick={() => void copyText(text)}>
			{T.copy}
		</button>
	</div>
);
