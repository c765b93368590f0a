// A certified OpenID provider (npm oidc-provider) for tests: told over its standard input, one JSON object a line.
//   {"clients": [...]}  who may send people here    {"rotate": true}  sign with a new key, and show the old one too
// Each line is answered by one line of JSON.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';
import Provider from 'oidc-provider';

const keys = [];
let clients = [];
let handle = (_request, response) => response.writeHead(503).end();

function newKey(kid) {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  keys.unshift({ ...privateKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' });
}

function renew(issuer) {
  const provider = new Provider(issuer, {
    clients,
    jwks: { keys },
    cookies: { keys: ['only for tests'] },
    claims: { email: ['email', 'email_verified'], profile: ['name'] },
    features: { backchannelLogout: { enabled: true } },
    // By itself it tells nobody on this machine that a session has ended.
    fetch: (address, { dispatcher: _guard, ...options }) => fetch(address, options),
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, name: `Person ${id}` }),
    }),
  });
  handle = provider.callback();
}

const server = createServer((request, response) => handle(request, response));
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  newKey('first');
  renew(issuer);
  console.log(JSON.stringify({ issuer }));
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const told = JSON.parse(line);
    if (told.clients) clients = told.clients;
    if (told.rotate) newKey(`key-${keys.length + 1}`);
    renew(issuer);
    console.log(JSON.stringify({ keys: keys.map((key) => key.kid) }));
  });
  // Whoever started it has gone.
  lines.on('close', () => process.exit(0));
});
