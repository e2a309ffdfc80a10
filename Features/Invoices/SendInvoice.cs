using ECommerce.Features.Common.Settings;
using ECommerce.Features.Invoices.Channel;
using ECommerce.Features.Invoices.Sending;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ECommerce.Features.Invoices;

/// <summary>
/// Sends an invoice to the SDI: a transaction that stores the attempt, the call of the provider, and a transaction with
/// its outcome. Between them nothing of the database is held. A process that ends between them leaves the file
/// uncertain, and it is looked up at the provider before it is sent again.
/// </summary>
internal static class SendInvoice
{
    public static async Task<Results<Ok<InvoiceDetails>, Accepted<InvoiceDetails>, NotFound, ProblemHttpResult>> Handle(
        long id, IfMatch ifMatch, Tenant tenant, SendPreparation preparation, NameConflicts conflicts,
        FatturaPaChannel channel, SendResults results, TimeProvider time, HttpContext http, CancellationToken ct)
    {
        var (claim, prepared) = (http.Features.Get<IdempotencyClaim>(), (PreparedSend?)null);
        try
        {
            // The Idempotency-Key belongs to the transaction that has the response.
            http.Features.Set<IdempotencyClaim>(null);
            prepared = await preparation.PrepareAsync(tenant, id, ifMatch, [], http, ct);
            if (prepared.Conflict is { } conflict)
            {
                DatabaseGate.ReleaseAfterEachUse();
                if (await conflicts.AreForeignAsync(conflict.Key, conflict.Files, ct))
                    prepared = await preparation.PrepareAsync(tenant, id, ifMatch, conflict.Files, http, ct);
            }
        }
        catch (FatturaPaException failure)
        {
            return SendProblems.Of(
                SendOutcome.Of(SendState.NotSent, failure), KnownSettings.FatturaPaApiKey.Name, http);
        }
        finally
        {
            if (prepared?.Attempt is null)
                http.Features.Set(claim);
        }
        if (prepared.Attempt is not { } attempt)
            return prepared.Problem is { } problem ? problem : TypedResults.NotFound();

        // From here on whether or not the client waits.
        DatabaseGate.ReleaseAfterEachUse();
        var outcome = await SendAsync(channel, attempt, time);
        var invoice = await results.WriteAsync(attempt, outcome, http, claim, CancellationToken.None);
        return outcome.State switch
        {
            SendState.Sent => TypedResults.Ok(invoice),
            SendState.Uncertain => TypedResults.Accepted(SendResults.PathOf(attempt), invoice),
            _ => SendProblems.Of(outcome, KnownSettings.FatturaPaApiKey.Name, http),
        };
    }

    private static async Task<SendOutcome> SendAsync(FatturaPaChannel channel, SendAttempt attempt, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(SendAttempt.MaxDuration, time);
        try
        {
            return await channel.SendAsync(
                attempt.Key, attempt.FileName, attempt.Content, attempt.LookUpFirst, limit.Token);
        }
        catch (OperationCanceledException)
        {
            return new SendOutcome(SendState.Uncertain)
            {
                Message = $"The provider took longer than {SendAttempt.MaxDuration.TotalSeconds:0} s.",
                Fault = ProviderFault.TooSlow,
            };
        }
    }
}
