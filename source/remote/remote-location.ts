// Where data is that lies on another machine: enough for any machine that may read it, as JSON, and no credentials.

/** What is known of an object before it is opened: `null` where it is not. */
interface Listed {
	/** Which version it was, as the server names it: an ETag, or the time of the last change. */
	readonly version: string | null;
	readonly size: number | null;
}

/** An object of a store that speaks S3. Endpoint, region and credentials are those of the machine that opens it, as the tools of AWS have them. */
export interface S3Location extends Listed {
	readonly kind: 's3';
	readonly bucket: string;
	readonly key: string;
	/** Whether a listing or a pattern has found it, rather than a person named it. */
	readonly isFound?: boolean;
}

export interface HttpLocation extends Listed {
	readonly kind: 'http';
	/** As it may be shown: without user, password, and what signs it. */
	readonly url: string;
	/** Whether any part of it can be asked for. */
	readonly hasRanges: boolean;
	/** The whole URL, where `url` leaves something out. For threads of this process alone: see `isForOthers`. */
	readonly secretUrl?: string;
}

export type RemoteLocation = S3Location | HttpLocation;

/** Whether another machine may be told of it, and can open it then: not where something secret stands in its address. */
export const isForOthers = (location: RemoteLocation): boolean =>
	location.kind === 's3' || location.secretUrl === undefined;

/** How an object is named: as somebody would type it, without secrets. */
export const nameOfRemote = (location: RemoteLocation): string =>
	location.kind === 's3' ? `s3://${location.bucket}/${location.key}` : location.url;

/** The path within the store or server, which says what an object may be: its ending counts. */
export const pathOfRemote = (location: RemoteLocation): string =>
	location.kind === 's3' ? location.key : pathOfUrl(location.url);

/** What is written with escapes is meant without. */
function pathOfUrl(url: string): string {
	const {pathname} = new URL(url);
	try {
		return decodeURIComponent(pathname);
	} catch {
		return pathname;
	}
}

/** Which version of an object was read: two readings that agree in it had the same data. `null` where that cannot be known. */
export const identityOfRemote = ({version, size}: Listed): string | null =>
	version === null || size === null ? null : `${version}:${size}`;

/** Where an object is by its name; `null` where it is none. What is secret in its address is not in its name. */
export function remoteLocationOf(name: string): RemoteLocation | null {
	const unknown = {version: null, size: null};
	const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/is.exec(name) ?? [];
	if (bucket !== undefined && key !== undefined) return {kind: 's3', bucket, key, ...unknown};
	return /^https?:/i.test(name) && URL.canParse(name) ? {kind: 'http', url: name, hasRanges: false, ...unknown} : null;
}
