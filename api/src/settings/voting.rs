//! The limit of new voters of a network in a poll.

use std::sync::Arc;

use clap::Args;
use domain::poll::NewVoterLimit;

use super::SettingWarning;
use crate::http::Network;

/// The limit of new voters of a network in a poll.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Voting")]
pub struct VotingSettings {
    /// The most visitors' tokens that are new to a poll and vote in it from one network within an
    /// hour (an IPv4 address, or the /64 of an IPv6 address), counted by this server alone; a
    /// poll may have a limit of its own
    #[arg(
        long,
        env = "JIJ_NEW_VOTERS_PER_NETWORK",
        value_name = "NUMBER",
        default_value_t = 2_000,
        value_parser = clap::value_parser!(u32).range(1..=1_000_000)
    )]
    new_voters_per_network: u32,

    /// Networks from which any number of new voters may come, such as offices and halls:
    /// addresses or networks, with commas between them [default: none]
    #[arg(
        long,
        env = "JIJ_UNLIMITED_VOTER_NETWORKS",
        value_name = "NETWORKS",
        value_delimiter = ','
    )]
    unlimited_voter_networks: Vec<Network>,
}

impl VotingSettings {
    /// Returns what is probably not meant so.
    pub fn warnings(&self) -> Vec<SettingWarning> {
        if !self.unlimited_voter_networks.iter().any(Network::is_all) {
            return Vec::new();
        }
        vec![SettingWarning::new(
            "--unlimited-voter-networks (JIJ_UNLIMITED_VOTER_NETWORKS)",
            "every network is listed: one machine may stuff a poll with any number of voters",
            "list the networks of offices and halls alone",
        )]
    }

    /// Returns the limit.
    pub fn new_voters(self) -> NewVoterLimit {
        let networks = self.unlimited_voter_networks;
        NewVoterLimit {
            per_network: self.new_voters_per_network,
            is_trusted: Arc::new(move |client_ip| {
                networks.iter().any(|network| network.holds(client_ip))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Arguments {
        #[command(flatten)]
        voting: VotingSettings,
    }

    #[test]
    fn a_network_has_a_limit_unless_it_is_listed() {
        let limit = |arguments: &[&str]| {
            let arguments = ["jij"].iter().chain(arguments);
            Arguments::try_parse_from(arguments).map(|found| found.voting.new_voters())
        };
        assert_eq!(limit(&[]).unwrap().per_network, 2_000);
        let set = limit(&[
            "--new-voters-per-network=50",
            "--unlimited-voter-networks=192.0.2.0/24,2001:db8::/32",
        ]);
        let set = set.unwrap();
        assert_eq!(set.per_network, 50);
        for (client_ip, is_listed) in [
            ("192.0.2.7", true),
            ("198.51.100.7", false),
            ("2001:db8:1::7", true),
        ] {
            assert_eq!((set.is_trusted)(client_ip.parse().unwrap()), is_listed);
        }
        for bad in [
            "--new-voters-per-network=0",
            "--unlimited-voter-networks=hall",
        ] {
            assert!(limit(&[bad]).is_err(), "{bad}");
        }
    }
}
