// The connection to a store that speaks S3: endpoint, region and credentials are those that the tools of AWS would use.
import {S3Client} from '@aws-sdk/client-s3';
import {loadSharedConfigFiles} from '@smithy/core/config';
import {agents, SILENCE_MS} from '../http/http-request.ts';

let client: Promise<S3Client> | null = null;

/** One for each thread: it keeps connections and credentials. */
export const s3Client = (): Promise<S3Client> => {
	client ??= connect();
	return client;
};

/** Those of `aws s3`: a bucket elsewhere says where it is. */
const DEFAULT_REGION = 'us-east-1';

async function connect(): Promise<S3Client> {
	const {endpoint, region} = await readSettings();
	return new S3Client({
		// Retries are ours, because they go on where an answer broke off.
		maxAttempts: 1,
		forcePathStyle: endpoint !== undefined,
		region: region ?? DEFAULT_REGION,
		followRegionRedirects: endpoint === undefined,
		// Stores beside AWS do not know newer checksums; ranges have none.
		requestChecksumCalculation: 'WHEN_REQUIRED',
		responseChecksumValidation: 'WHEN_REQUIRED',
		requestHandler: {
			httpAgent: agents.http,
			httpsAgent: agents.https,
			connectionTimeout: SILENCE_MS,
			requestTimeout: 0,
			socketTimeout: SILENCE_MS,
		},
	});
}

interface StoreSettings {
	/** There where the store is not that of AWS. */
	readonly endpoint: string | undefined;
	readonly region: string | undefined;
}

/** The library reads them as well, but does not tell whether there is an endpoint, and knows one name of the region less. */
async function readSettings(): Promise<StoreSettings> {
	const {env} = process;
	const {configFile} = await loadSharedConfigFiles();
	const profile = configFile[env.AWS_PROFILE || 'default'] ?? {};
	const service = configFile[`services.${profile.services}`]?.['s3.endpoint_url'];
	const isIgnored = env.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS === 'true';
	const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || service || profile.endpoint_url;
	return {
		endpoint: isIgnored ? undefined : endpoint || undefined,
		region: env.AWS_REGION || env.AWS_DEFAULT_REGION || profile.region || undefined,
	};
}

/** Where requests for a bucket go, for messages: its host alone, for an endpoint may have a password in it. */
export async function hostOfStore(): Promise<string> {
	const {endpoint, region = DEFAULT_REGION} = await readSettings();
	if (endpoint === undefined) return `s3.${region}.amazonaws.com`;
	return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint;
}
