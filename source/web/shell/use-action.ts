import {useState} from 'react';
import {reasonOf} from '../api/ask.ts';

export interface ActionState {
	readonly isBusy: boolean;
	/** Why it went wrong; `null`: it did not. */
	readonly fault: string | null;
	readonly run: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** What a button does: one at a time, and what goes wrong is said. */
export function useAction(): ActionState {
	const [isBusy, setBusy] = useState(false);
	const [fault, setFault] = useState<string | null>(null);
	return {
		isBusy,
		fault,
		async run(action) {
			setBusy(true);
			setFault(null);
			try {
				await action();
				return true;
			} catch (error) {
				setFault(reasonOf(error));
				return false;
			} finally {
				setBusy(false);
			}
		},
	};
}
