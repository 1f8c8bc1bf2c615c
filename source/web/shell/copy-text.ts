import {T} from '../texts.ts';
import {announce, announceFault} from './announce.tsx';

/** Browsers may refuse it, and do so where the page comes neither over TLS nor from this machine. */
export async function copyText(text: string): Promise<void> {
	try {
		await navigator.clipboard.writeText(text);
		announce(T.copied);
	} catch {
		announceFault(T.notCopied);
	}
}
