import {useEffect, useState} from 'react';
import type {Drift} from '../../model/run-diff.ts';

/** What changed since an earlier run: looked for when the run has ended and that is on the screen, because it reads the ledger. */
export function useDrift(findDrift: (() => Drift) | undefined, isEnded: boolean): Drift {
	const [drift, setDrift] = useState<Drift>(null);
	useEffect(() => {
		if (!isEnded || findDrift === undefined) return;
		const timer = setTimeout(() => setDrift(findDrift()));
		return () => {
			clearTimeout(timer);
			setDrift(null);
		};
	}, [findDrift, isEnded]);
	return drift;
}
