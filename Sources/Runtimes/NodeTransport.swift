/// `/var/runtime/sdk/transport.js`: one signed request to a service and its answer.
let nodeTransport = #"""
    'use strict';

    const crypto = require('crypto');

    const agents = new Map();

    /** Sockets are kept, but none of them keeps a handler's event loop alive while it is idle. */
    function agentFor(secure) {
      if (!agents.has(secure)) {
        agents.set(secure, new (require(secure ? 'https' : 'http').Agent)({ keepAlive: true }));
      }
      return agents.get(secure);
    }

    async function settled(value) {
      return typeof value === 'function' ? value() : value;
    }

    async function endpointFor(service, config) {
      let endpoint = await settled(config.endpoint);
      if (endpoint && typeof endpoint === 'object') {
        endpoint = endpoint.href || endpoint.url?.href
          || `${endpoint.protocol}//${endpoint.hostname}${endpoint.port ? ':' + endpoint.port : ''}${endpoint.path || '/'}`;
      }
      endpoint = endpoint || process.env['AWS_ENDPOINT_URL_' + service.endpointVariable] || process.env.AWS_ENDPOINT_URL;
      if (!endpoint) {
        throw named('EndpointError', `No endpoint for ${service.name}: set AWS_ENDPOINT_URL or give the client an endpoint.`);
      }
      return new URL(/^https?:/.test(endpoint) ? endpoint : 'http://' + endpoint);
    }

    async function credentialsFor(config) {
      const given = (await settled(config.credentials)) || config;
      const keys = given.accessKeyId ? given : {
        accessKeyId: process.env.AWS_ACCESS_KEY_ID,
        secretAccessKey: process.env.AWS_SECRET_ACCESS_KEY,
        sessionToken: process.env.AWS_SESSION_TOKEN,
      };
      if (!keys.accessKeyId) throw named('CredentialsProviderError', 'Could not load credentials from any providers');
      return keys;
    }

    function named(name, message) {
      const error = new Error(message);
      error.name = name;
      error.code = name;
      return error;
    }

    const hmac = (key, text) => crypto.createHmac('sha256', key).update(text).digest();
    const sha256 = (data) => crypto.createHash('sha256').update(data).digest('hex');
    const encoded = (text) => encodeURIComponent(text).replace(/[!'()*]/g, (c) => '%' + c.charCodeAt(0).toString(16).toUpperCase());

    /** AWS Signature Version 4. */
    function sign(request, { accessKeyId, secretAccessKey, sessionToken }, region, signingName) {
      const stamp = new Date().toISOString().replace(/[-:]|\.\d{3}/g, '');
      const day = stamp.slice(0, 8);
      const headers = request.headers;
      headers['x-amz-date'] = stamp;
      if (sessionToken) headers['x-amz-security-token'] = sessionToken;
      const names = Object.keys(headers).sort();
      const query = Object.keys(request.query).sort().map((key) => `${encoded(key)}=${encoded(request.query[key])}`).join('&');
      const canonical = [
        request.method, request.path.split('/').map(encoded).join('/'), query,
        ...names.map((name) => `${name}:${String(headers[name]).trim()}`), '', names.join(';'), sha256(request.body),
      ].join('\n');
      const scope = `${day}/${region}/${signingName}/aws4_request`;
      const key = ['AWS4' + secretAccessKey, day, region, signingName, 'aws4_request'].reduce(hmac);
      const signature = hmac(key, `AWS4-HMAC-SHA256\n${stamp}\n${scope}\n${sha256(canonical)}`).toString('hex');
      headers.authorization =
        `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
      return query;
    }

    function exchange(url, request, query) {
      const secure = url.protocol === 'https:';
      return new Promise((resolve, reject) => {
        const outgoing = require(secure ? 'https' : 'http').request({
          host: url.hostname, port: url.port || undefined, method: request.method, agent: agentFor(secure),
          path: request.path + (query ? '?' + query : ''), headers: { ...request.headers, 'content-length': request.body.length },
        }, (response) => {
          const chunks = [];
          response.on('data', (chunk) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }));
        });
        outgoing.on('error', reject);
        outgoing.end(request.body);
      });
    }

    const transient = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded',
      'ProvisionedThroughputExceededException', 'ServiceUnavailable', 'KMSThrottling', 'Throttled']);

    /** Sends an operation's input; gives its output and metadata, or throws an error described by `describe`. */
    exports.send = async function send(service, operation, input, config) {
      const codec = require('./codecs.js')[service.protocol];
      const url = await endpointFor(service, config);
      const region = (await settled(config.region)) || process.env.AWS_REGION || 'us-east-1';
      const attempts = Number(config.maxAttempts || (config.maxRetries === undefined ? 3 : config.maxRetries + 1));
      for (let attempt = 1; ; attempt += 1) {
        const request = codec.request(service, operation, input || {});
        request.query = request.query || {};
        request.headers.host = url.host;
        request.path = url.pathname.replace(/\/$/, '') + request.path;
        const query = sign(request, await credentialsFor(config), region, service.signingName);
        let failure;
        try {
          const answer = await exchange(url, request, query);
          const metadata = {
            httpStatusCode: answer.status, requestId: answer.headers['x-amzn-requestid'] || answer.headers['x-amz-request-id'],
            attempts: attempt, totalRetryDelay: 0,
          };
          if (answer.status < 300) return { output: codec.output(service, operation, answer), metadata };
          failure = { ...codec.error(service, answer), metadata, status: answer.status };
        } catch (error) {
          if (!error.syscall && error.code !== 'ECONNRESET') throw error;
          if (attempt >= attempts) throw error;
        }
        const again = !failure || failure.status >= 500 || failure.status === 429 || transient.has(failure.name);
        if (!again || attempt >= attempts) throw failure;
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 100 * 2 ** (attempt - 1)));
      }
    };
    """#
