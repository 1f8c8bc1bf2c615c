import type {ReactNode} from 'react';
import {T} from '../texts.ts';

const short = new Intl.DateTimeFormat('en-GB', {dateStyle: 'medium', timeStyle: 'short'});

/** In the zone of who looks; the exact time, in UTC, is in the title. */
export function Time({at}: {readonly at: number | string | null}): ReactNode {
	if (at === null) return T.none;
	const date = new Date(at);
	return (
		<time dateTime={date.toISOString()} title={date.toISOString()}>
			{short.format(date)}
		</time>
	);
}
