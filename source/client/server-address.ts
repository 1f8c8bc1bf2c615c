// Where a server is: `https://files.example.org`, `http://127.0.0.1:8000`.
import {isLoopback} from '../text/is-loopback.ts';
import {quoted} from '../text/quoted.ts';
import {ClientError} from './client-error.ts';

/**
@param allowsHttp - Whether secrets may go to another machine in the clear.
@returns The origin, as `https://files.example.org`.
@throws {ClientError} `BAD_ADDRESS`, or `INSECURE_ADDRESS` where a token would be readable on the way.
*/
export function readServerAddress(text: string, allowsHttp: boolean): string {
	const url = URL.canParse(text) ? new URL(text) : null;
	const isHttp = url?.protocol === 'http:';
	if (url === null || !(isHttp || url.protocol === 'https:') || url.hostname === '')
		throw badAddress(`Expected the address of a server, but got ${quoted(text)}.`);
	// What is in an address is in the history of the shell, and in logs.
	if (url.username !== '' || url.password !== '')
		throw badAddress('Expected an address without a name and a password in it.');
	if (url.pathname !== '/' || url.search !== '' || url.hash !== '')
		throw badAddress(`Expected an address without a path, but got ${quoted(text)}.`);
	if (isHttp && !allowsHttp && !isLoopback(url.hostname.replace(/^\[(.*)\]$/, '$1')))
		throw new ClientError({
			...{code: 'INSECURE_ADDRESS', title: 'Others could read along'},
			detail: `By http:// all machines between here and ${url.host} can read the token and the files.`,
			remedy: 'Use https://, or say --allow-http where the network is trusted.',
		});
	return url.origin;
}

const badAddress = (detail: string): ClientError =>
	new ClientError({
		...{code: 'BAD_ADDRESS', title: 'This is no address of a server', detail},
		remedy: 'Write it like https://files.example.org or http://127.0.0.1:8000.',
	});
