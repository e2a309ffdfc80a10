using ECommerce.Mocks.PrestaShop.Query;
using ECommerce.Mocks.PrestaShop.Storage;
using ECommerce.Mocks.PrestaShop.Webservice;

namespace ECommerce.Mocks.PrestaShop.Output;

internal interface IOutput
{
    string ContentType { get; }

    ReadOnlyMemory<byte> Ids(ResourceSchema schema, IReadOnlyList<Row> rows);

    ReadOnlyMemory<byte> List(
        ResourceSchema schema, IReadOnlyList<Row> rows, Selection selection, IReadOnlyList<int> languages);

    ReadOnlyMemory<byte> Single(Row row, IReadOnlyList<int> languages);

    ReadOnlyMemory<byte> Errors(IReadOnlyList<WebserviceError> errors);
}
