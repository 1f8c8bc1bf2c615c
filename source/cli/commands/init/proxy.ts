// What stands in front of a server for HTTPS.
import {getDefault} from '../../arguments/flags.ts';
import {flag, PORT, type Setup, type SetupFile} from './setup.ts';

export const caddyfile: SetupFile = {
	name: 'Caddyfile',
	text: `# Caddy in front of a server: it gets a certificate by itself.
#   fileproc-tui serve ${flag('trust-proxy')} 127.0.0.1
#   SITE_ADDRESS=files.example.org caddy run
{$SITE_ADDRESS:localhost} {
	reverse_proxy {$UPSTREAM:127.0.0.1:${PORT}} {
		# What happens is told as it happens.
		flush_interval -1
	}
}
`,
};

const nginx: SetupFile = {
	name: 'nginx.conf',
	text: `# nginx in front of a server: a file for conf.d or sites-enabled, with the name and the certificate of your own.
#   fileproc-tui serve ${flag('trust-proxy')} 127.0.0.1
server {
	listen 443 ssl;
	server_name files.example.org;
	ssl_certificate /etc/letsencrypt/live/files.example.org/fullchain.pem;
	ssl_certificate_key /etc/letsencrypt/live/files.example.org/privkey.pem;

	location / {
		proxy_pass http://127.0.0.1:${PORT};
		proxy_http_version 1.1;
		proxy_set_header Host $http_host;
		proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
		proxy_set_header X-Forwarded-Proto $scheme;
		proxy_set_header X-Forwarded-Host $http_host;
		# WebSockets, where somebody asks for one.
		proxy_set_header Upgrade $http_upgrade;
		proxy_set_header Connection $http_connection;
		# As ${flag('max-upload-bytes')} has it: the server says so before a byte is sent.
		client_max_body_size ${getDefault('max-upload-bytes') / 1024 ** 2}m;
		# Uploads go on after a cut only if what has come is there already, and what happens is told as it happens.
		proxy_request_buffering off;
		proxy_buffering off;
		proxy_read_timeout 1h;
		proxy_send_timeout 1h;
	}
}
`,
};

export const proxy = (): Setup => ({
	files: [caddyfile, nginx],
	next: [
		`fileproc-tui serve ${flag('trust-proxy')} 127.0.0.1`,
		'SITE_ADDRESS=files.example.org caddy run    or put nginx.conf into /etc/nginx/conf.d/',
	],
});
