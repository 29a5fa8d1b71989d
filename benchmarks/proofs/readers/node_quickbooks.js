// Reads a company with node-quickbooks; run by `proofs.qbo_clients`.
//
// Input and output as `python_quickbooks.py`; NODE_PATH says where the package is.
const QuickBooks = require('node-quickbooks');

const asked = JSON.parse(require('fs').readFileSync(0, 'utf8'));
QuickBooks.setOauthVersion('1.0'); // Keeps it from fetching Intuit's own discovery document.
QuickBooks.V3_ENDPOINT_BASE_URL = `${asked.url}/v3/company/`;
QuickBooks.TOKEN_URL = `${asked.url}/oauth2/v1/tokens/bearer`;
QuickBooks.REVOKE_URL = `${asked.url}/v2/oauth2/tokens/revoke`;
QuickBooks.USER_INFO_URL = `${asked.url}/v1/openid_connect/userinfo`;

const company = new QuickBooks(asked.client_id, asked.client_secret, 'spent', false, asked.realm,
  true, false, 75, '2.0', asked.refresh_token);
const call = (name, ...args) => new Promise((resolve, reject) =>
  company[name](...args, (error, body) => error ? reject(error) : resolve(body)));
const failing = (name, ...args) => call(name, ...args).then(() => 'no error', (error) => {
  const body = (error.response && error.response.data) || error;
  const fault = body.Fault || body.fault || {};
  const first = (fault.Error || fault.error || [{}])[0];
  return `${(error.response && error.response.status) || '?'} ${first.code || ''}`.trim();
});
const every = (extra = []) => [
  { field: 'fetchAll', value: true },
  { field: 'Active', value: [true, false], operator: 'IN' },
  { field: 'asc', value: 'Id' },
  ...extra,
];

(async () => {
  const before = await failing('getCompanyInfo', asked.realm);
  await call('refreshAccessToken');
  const rows = {};
  for (const entity of ['Account', 'Item', 'Customer', 'Vendor']) {
    const answer = await call(`find${entity}s`, every());
    rows[entity] = answer.QueryResponse[entity] || [];
  }
  const { name, ids } = asked.asks;
  const byName = await call('findCustomers', { DisplayName: name });
  const byIds = await call('findCustomers', [{ field: 'Id', value: ids, operator: 'IN' }]);
  const counted = await call('findCustomers', { count: true });
  const batch = await call('batch', [
    { bId: 'a', Query: 'select * from Account maxresults 3' },
    { bId: 'b', Query: 'select * from Nonsense' },
  ]);
  const seen = {
    'expired access token': before,
    'e-mail of userinfo': (await call('getUserInfo')).email,
    'by name': (byName.QueryResponse.Customer || []).map((row) => row.Id),
    'by ids': byIds.QueryResponse.Customer.map((row) => row.Id).sort((a, b) => a - b),
    'count of customers': counted.QueryResponse.totalCount,
    'by id': (await call('getCustomer', ids[0])).Id,
    'unknown id': await failing('getCustomer', '99999999'),
    'unknown property': await failing('findCustomers', { Shoe: '42' }),
    'batch of two': batch.BatchItemResponse.map((one) => (one.Fault ? 'fault' : one.QueryResponse.Account.length)),
    'company name': (await call('getCompanyInfo', asked.realm)).CompanyName,
  };
  process.stdout.write(JSON.stringify({ rows, seen }));
})().catch((error) => {
  console.error(error.response ? JSON.stringify(error.response.data) : error);
  process.exit(1);
});
