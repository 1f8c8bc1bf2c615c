import {quantity} from '../../../text/format.ts';
import type {Recovered} from '../../../watch/recover.ts';

/** What an earlier process has left, and what is done with it. */
export function tellRecovered({resumed, moved, adopted, withdrawn}: Recovered, notice: (text: string) => void): void {
	const begun = resumed.length - adopted;
	const parts = [
		...(begun === 0
			? []
			: [`${quantity(begun, 'file')} in underprocess/ ${begun === 1 ? 'is' : 'are'} worked on again`]),
		...(adopted === 0
			? []
			: [`${quantity(adopted, 'file')} in underprocess/ that no ledger knew of ${adopted === 1 ? 'is' : 'are'} taken`]),
		...(moved === 0
			? []
			: [
					`${quantity(moved, 'finished file')} ${moved === 1 ? 'was' : 'were'} moved to where ${moved === 1 ? 'it belongs' : 'they belong'}`,
				]),
		...(withdrawn === 0
			? []
			: [`${quantity(withdrawn, 'file')} ${withdrawn === 1 ? 'was' : 'were'} still in the inbox`]),
	];
	if (parts.length > 0) notice(`An earlier watch was cut off: ${parts.join('; ')}.`);
}
