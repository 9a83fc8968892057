/// `/var/runtime/sdk/codecs.js`: the protocols, from an operation's input to a request and from an answer to its output.
let nodeCodecs = #"""
    'use strict';

    /** Members that are blobs, wherever they stand. Everything else in these services is JSON's own. */
    const BLOBS = new Set(['BinaryValue', 'B', 'Plaintext', 'CiphertextBlob', 'SecretBinary', 'Data', 'Signature', 'PublicKey',
      'PrivateKeyPlaintext', 'PrivateKeyCiphertextBlob']);
    const BLOB_LISTS = new Set(['BS', 'BinaryListValues']);
    const DATA_SERVICES = new Set(['Kinesis', 'Firehose', 'KMS', 'SecretsManager']);

    function isBlob(service, key) {
      if (key === 'B') return service.name === 'DynamoDB';
      if (key === 'BinaryValue') return service.name === 'SQS' || service.name === 'SNS';
      return BLOBS.has(key) && DATA_SERVICES.has(service.name);
    }

    const isBinary = (value) => ArrayBuffer.isView(value) || value instanceof ArrayBuffer;
    const base64 = (value) => (value instanceof ArrayBuffer ? Buffer.from(value)
      : Buffer.from(value.buffer, value.byteOffset, value.byteLength)).toString('base64');

    /** An input as JSON has it: blobs in base64, dates in seconds. */
    function outgoing(service, value, key) {
      if (isBinary(value)) return base64(value);
      if (value instanceof Date) return value.getTime() / 1000;
      if (typeof value === 'string' && isBlob(service, key)) return Buffer.from(value).toString('base64');
      if (typeof value === 'bigint') return Number(value);
      if (Array.isArray(value)) return value.map((element) => outgoing(service, element, key));
      if (value instanceof Set) return [...value].map((element) => outgoing(service, element, key));
      if (value && typeof value === 'object') {
        const result = {};
        for (const name of Object.keys(value)) {
          if (value[name] !== undefined && typeof value[name] !== 'function') result[name] = outgoing(service, value[name], name);
        }
        return result;
      }
      return value;
    }

    /** An output as SDKs hand it on. */
    function incoming(service, value, key) {
      if (typeof value === 'string' && isBlob(service, key)) return new Uint8Array(Buffer.from(value, 'base64'));
      if (typeof value === 'number' && service.dates?.test(key)) return new Date(value * 1000);
      if (Array.isArray(value)) {
        if (BLOB_LISTS.has(key) && service.name === 'DynamoDB') return value.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
        return value.map((element) => incoming(service, element, key));
      }
      if (value && typeof value === 'object') {
        const result = {};
        for (const name of Object.keys(value)) result[name] = incoming(service, value[name], name);
        return result;
      }
      return value;
    }

    function parsed(body) {
      if (!body.length) return {};
      try {
        return JSON.parse(body.toString('utf8'));
      } catch {
        return {};
      }
    }

    function jsonError(service, { headers, body }) {
      const fields = parsed(body);
      const raw = headers['x-amzn-errortype'] || fields.__type || fields.code || 'UnknownError';
      const name = String(raw).split('#').pop().split(':')[0];
      const legacy = (headers['x-amzn-query-error'] || '').split(';')[0];
      return { name, legacyCode: legacy || name, message: fields.message || fields.Message || name, fields };
    }

    exports.json = {
      request(service, operation, input) {
        return {
          method: 'POST', path: '/', body: Buffer.from(JSON.stringify(outgoing(service, input))),
          headers: { 'content-type': service.contentType, 'x-amz-target': `${service.target}.${operation}` },
        };
      },
      output: (service, _operation, { body }) => incoming(service, parsed(body)),
      error: jsonError,
    };

    // ---- query -------------------------------------------------------------------------------------------------------

    function flatten(value, prefix, pairs) {
      if (value === undefined || value === null) return;
      if (isBinary(value)) pairs.push([prefix, base64(value)]);
      else if (value instanceof Date) pairs.push([prefix, value.toISOString()]);
      else if (Array.isArray(value)) value.forEach((element, index) => flatten(element, `${prefix}.member.${index + 1}`, pairs));
      else if (typeof value === 'object') {
        const [, last] = /(?:^|\.)([^.]*)$/.exec(prefix);
        if (last === 'MessageAttributes' || last === 'Attributes') {
          const [key, item] = last === 'Attributes' ? ['key', 'value'] : ['Name', 'Value'];
          Object.keys(value).forEach((name, index) => {
            pairs.push([`${prefix}.entry.${index + 1}.${key}`, name]);
            flatten(value[name], `${prefix}.entry.${index + 1}.${item}`, pairs);
          });
        } else {
          for (const name of Object.keys(value)) flatten(value[name], prefix ? `${prefix}.${name}` : name, pairs);
        }
      } else pairs.push([prefix, String(value)]);
    }

    const ENTITIES = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
    const text = (value) => value.replace(/&(?:#x([0-9a-fA-F]+)|#(\d+)|(\w+));/g, (whole, hex, decimal, name) => {
      if (hex) return String.fromCodePoint(parseInt(hex, 16));
      if (decimal) return String.fromCodePoint(Number(decimal));
      return ENTITIES[name] ?? whole;
    });

    /** Elements as objects; `member` as a list, `entry` as a map. */
    function xml(source) {
      const stack = [{ children: [] }];
      let last = 0;
      for (const match of source.matchAll(/<(\/?)([\w:.-]+)([^>]*?)(\/?)>|<[?!][^>]*>/g)) {
        const [whole, closing, name, , empty] = match;
        const top = stack[stack.length - 1];
        if (closing) {
          if (!top.children.length) top.text = text(source.slice(last, match.index));
          stack.pop();
        } else if (name) {
          const element = { name, children: [], text: '' };
          top.children.push(element);
          if (!empty) stack.push(element);
        }
        last = match.index + whole.length;
      }
      return stack[0].children[0];
    }

    function valueOf(element) {
      if (!element.children.length) return element.text;
      const names = new Set(element.children.map((child) => child.name));
      if (names.size === 1 && names.has('member')) return element.children.map(valueOf);
      if (names.size === 1 && names.has('entry')) {
        return Object.fromEntries(element.children.map((entry) => entry.children.map(valueOf)));
      }
      return Object.fromEntries(element.children.map((child) => [child.name, valueOf(child)]));
    }

    exports.query = {
      request(service, operation, input) {
        const pairs = [['Action', operation], ['Version', service.version]];
        flatten(input, '', pairs);
        return {
          method: 'POST', path: '/', body: Buffer.from(new URLSearchParams(pairs).toString()),
          headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        };
      },
      output(_service, operation, { body }) {
        const result = xml(body.toString('utf8'))?.children.find((child) => child.name === operation + 'Result');
        const value = result ? valueOf(result) : {};
        return typeof value === 'string' ? {} : value;
      },
      error(service, { body }) {
        const root = xml(body.toString('utf8'));
        const error = root?.children.find((child) => child.name === 'Error');
        const fields = error ? valueOf(error) : {};
        const code = fields.Code || 'UnknownError';
        return { name: service.errorNames?.[code] || code, legacyCode: code, message: fields.Message || code, fields };
      },
    };

    // ---- Lambda's REST -----------------------------------------------------------------------------------------------

    const FUNCTIONS = '/2015-03-31/functions';
    const ROUTES = {
      GetFunction: (i) => [`${FUNCTIONS}/${i.FunctionName}`, { Qualifier: i.Qualifier }],
      GetFunctionConfiguration: (i) => [`${FUNCTIONS}/${i.FunctionName}/configuration`, { Qualifier: i.Qualifier }],
      GetPolicy: (i) => [`${FUNCTIONS}/${i.FunctionName}/policy`, { Qualifier: i.Qualifier }],
      ListAliases: (i) => [`${FUNCTIONS}/${i.FunctionName}/aliases`, { Marker: i.Marker, MaxItems: i.MaxItems }],
      ListVersionsByFunction: (i) => [`${FUNCTIONS}/${i.FunctionName}/versions`, { Marker: i.Marker, MaxItems: i.MaxItems }],
      ListFunctions: (i) => [`${FUNCTIONS}/`, { Marker: i.Marker, MaxItems: i.MaxItems, FunctionVersion: i.FunctionVersion }],
      ListEventSourceMappings: (i) => ['/2015-03-31/event-source-mappings/', {
        Marker: i.Marker, MaxItems: i.MaxItems, EventSourceArn: i.EventSourceArn, FunctionName: i.FunctionName,
      }],
    };

    /** A payload, with the ways SDK v3 reads one. */
    class Payload extends Uint8Array {
      transformToString(encoding = 'utf-8') {
        return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString(encoding === 'utf-8' ? 'utf8' : encoding);
      }
    }

    exports.lambda = {
      request(_service, operation, input) {
        const headers = { 'content-type': 'application/json' };
        if (operation !== 'Invoke') {
          const [path, query] = ROUTES[operation](input);
          for (const key of Object.keys(query)) if (query[key] === undefined) delete query[key];
          return { method: 'GET', path, query, headers, body: Buffer.alloc(0) };
        }
        if (input.InvocationType) headers['x-amz-invocation-type'] = input.InvocationType;
        if (input.LogType) headers['x-amz-log-type'] = input.LogType;
        if (input.ClientContext) headers['x-amz-client-context'] = input.ClientContext;
        const payload = input.Payload ?? '';
        return {
          method: 'POST', path: `${FUNCTIONS}/${input.FunctionName}/invocations`,
          query: input.Qualifier ? { Qualifier: input.Qualifier } : {}, headers,
          body: isBinary(payload) ? Buffer.from(base64(payload), 'base64') : Buffer.from(String(payload)),
        };
      },
      output(service, operation, { status, headers, body }) {
        if (operation !== 'Invoke') return incoming(service, parsed(body));
        const output = { StatusCode: status, Payload: new Payload(body) };
        if (headers['x-amz-function-error']) output.FunctionError = headers['x-amz-function-error'];
        if (headers['x-amz-log-result']) output.LogResult = headers['x-amz-log-result'];
        if (headers['x-amz-executed-version']) output.ExecutedVersion = headers['x-amz-executed-version'];
        return output;
      },
      error: jsonError,
    };
    """#
