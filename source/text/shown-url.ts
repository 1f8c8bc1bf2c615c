// URLs without what only some may know: they stand in reports, logs, events and on screens.

const remotePath = /^(?:s3|https?):\/\//i;

/** Whether a path is that of an object on another machine. */
export const isRemotePath = (path: string): boolean => remotePath.test(path);

/** Names of parameters that sign a URL or open what it leads to: those of S3, of Google and of Azure among them. */
const secretName =
	/^(?:x-(?:amz|goog|oss|cos|ms)-.*|.*(?:signature|token|secret|passw|credential|api[-_]?key|access[-_]?key).*|(?:.*[-_.])?(?:sig|pwd|auth|authorization|session|jwt|hmac)|key|code|policy|key-pair-id|expires?|se|sp|sr|sv|st|spr)$/i;
/** What is as long as this, and has no words, is one as well. */
const secretValue = /^[\w+/=.~-]{40,}$/;

/** The same URL as it may be shown; any other path stays as it is. */
export function withoutSecrets(path: string): string {
	if (!/^https?:\/\//i.test(path)) return path;
	if (!URL.canParse(path)) return path.replace(/^([^/]*\/\/)[^/]*@/, '$1').replace(/[?#].*$/s, '');
	const url = new URL(path);
	const hasSecret = url.username !== '' || url.password !== '';
	const secrets = [...url.searchParams].filter(([name, value]) => secretName.test(name) || secretValue.test(value));
	if (!hasSecret && secrets.length === 0 && url.hash === '') return path;
	url.username = '';
	url.password = '';
	url.hash = '';
	for (const [name] of secrets) url.searchParams.delete(name);
	return url.href;
}
