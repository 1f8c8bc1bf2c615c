import type {ReactNode} from 'react';
import {show} from '../shell/show-text.ts';
import {T} from '../texts.ts';

/** The route that fits. */
export const BY_ITSELF = '';

interface RouteChoiceProps {
	readonly label: string;
	readonly tags: readonly string[];
	readonly tag: string;
	readonly onChange: (tag: string) => void;
}

export const RouteChoice = ({label, tags, tag, onChange}: RouteChoiceProps): ReactNode => (
	<label>
		{label}{' '}
		<select value={tag} onChange={event => onChange(event.target.value)}>
			<option value={BY_ITSELF}>{T.inbox.byItself}</option>
			{tags.map(each => (
				<option key={each} value={each}>
					{show(each, 80)}
				</option>
			))}
		</select>
	</label>
);
