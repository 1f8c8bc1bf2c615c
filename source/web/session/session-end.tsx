// A session ends after some time, and sooner where it is not used. That is said before it happens, and in time to do something about it.
import {type ReactNode, useEffect, useState} from 'react';
import {unusedMs} from '../api/ask.ts';
import {useAction} from '../shell/use-action.ts';
import {T} from '../texts.ts';
import {readLogins, signOut} from './session.ts';

const LOOK_MS = 5000;
const WARNING_MS = 5 * 60_000;

/** As far as the server has said it, by the clock of this page. */
interface Ends {
	readonly usedUp: number;
	/** It ends so long after each use. */
	readonly idleMs: number;
}

async function readEnds(): Promise<Ends | null> {
	const own = (await readLogins()).find(({is_current: isCurrent}) => isCurrent);
	if (own === undefined) return null;
	// The clock of the server may be another one: it has been used just now.
	const usedAt = Date.parse(own.last_used_at);
	return {
		usedUp: performance.now() + Date.parse(own.expires_at) - usedAt,
		idleMs: Date.parse(own.ends_unused_at) - usedAt,
	};
}

const leftMs = ({usedUp, idleMs}: Ends): number => Math.min(usedUp - performance.now(), idleMs - unusedMs());

export function SessionEnd(): ReactNode {
	const [ends, setEnds] = useState<Ends | null>(null);
	const [left, setLeft] = useState(Number.POSITIVE_INFINITY);
	const action = useAction();
	useEffect(() => {
		let isLeft = false;
		const keep = (found: Ends | null): void => {
			if (!isLeft) setEnds(found);
		};
		// Without an answer there is nothing to say; that there is none is said elsewhere.
		readEnds().then(keep, () => {});
		return () => {
			isLeft = true;
		};
	}, []);
	useEffect(() => {
		if (ends === null) return undefined;
		const timer = setInterval(() => setLeft(leftMs(ends)), LOOK_MS);
		return () => clearInterval(timer);
	}, [ends]);
	if (ends === null || left > Math.min(WARNING_MS, ends.idleMs / 2)) return null;
	const isUsedUp = ends.usedUp - performance.now() <= left;
	const stay = async (): Promise<void> => {
		const found = await readEnds();
		setEnds(found);
		if (found !== null) setLeft(leftMs(found));
	};
	const minutes = Math.max(1, Math.ceil(left / 60_000));
	return (
		<div role="alert" className="session-end">
			<p>{isUsedUp ? T.session.usedUp(minutes) : T.session.unused(minutes)}</p>
			{action.fault !== null && <p className="wrong">{action.fault}</p>}
			<button type="button" disabled={action.isBusy} onClick={() => void action.run(isUsedUp ? signOut : stay)}>
				{isUsedUp ? T.session.signInAgain : T.session.stay}
			</button>
		</div>
	);
}
