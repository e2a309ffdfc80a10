using System.Data;
using Dapper;

namespace ECommerce.Features.Data;

/// <summary>What Dapper must know before the first query.</summary>
internal static class DapperSetup
{
    public static void Apply()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new TenantHandler());
    }

    private sealed class TenantHandler : SqlMapper.TypeHandler<Tenant>
    {
        public override void SetValue(IDbDataParameter parameter, Tenant value)
        {
            parameter.DbType = DbType.String;
            parameter.Value = value.Slug;
        }

        public override Tenant Parse(object value) => new((string)value);
    }
}
