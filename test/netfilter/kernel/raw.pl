# Sends what Node.js has no sockets for, one JSON line on stdin each: an echo request of ICMP, the first chunk of an SCTP association.
use strict;
use warnings;
use IO::Handle;
use Socket qw(:DEFAULT inet_pton pack_sockaddr_in6 unpack_sockaddr_in6);

STDOUT->autoflush(1);
while (my $line = <STDIN>) {
	my %told = $line =~ /"(\w+)":"?([^",}]*)/g;
	my $reached = $told{proto} eq 'icmp' ? echo(\%told) : init(\%told);
	print '{"reached":', $reached ? 'true' : 'false', "}\n";
}

# A raw socket, connected: the source address is the one that the routes give, and answers from others are none.
sub opened {
	my ($told, $six, $four) = @_;
	my $dst = $told->{dst};
	my $is6 = $dst =~ /:/;
	socket(my $socket, $is6 ? AF_INET6 : AF_INET, SOCK_RAW, $is6 ? $six : $four) or die "socket: $!";
	# IPV6_UNICAST_HOPS and IPV6_TCLASS, IP_TTL and IP_TOS.
	setsockopt($socket, $is6 ? 41 : 0, $is6 ? 16 : 2, pack('i', $told->{ttl})) or die "ttl: $!";
	setsockopt($socket, $is6 ? 41 : 0, $is6 ? 67 : 1, pack('i', $told->{tos})) or die "tos: $!";
	my $to = $is6 ? pack_sockaddr_in6(0, inet_pton(AF_INET6, $dst)) : pack_sockaddr_in(0, inet_pton(AF_INET, $dst));
	return connect($socket, $to) ? $socket : undef;
}

sub echo {
	my ($told) = @_;
	my $is6 = $told->{dst} =~ /:/;
	my $socket = opened($told, 58, 1) or return 0;
	my ($asks, $answers) = $is6 ? (128, 129) : (8, 0);
	my $message = pack('CCnnn', $asks, 0, 0, $told->{sport}, 1) . 'dockhop';
	# The kernel itself fills in the checksum of ICMPv6.
	substr($message, 2, 2) = pack('n', checksum($message)) unless $is6;
	send($socket, $message, 0) or return 0;
	my $left = $told->{patience} / 1000;
	while ($left > 0) {
		my $set = '';
		vec($set, fileno($socket), 1) = 1;
		(my $found, $left) = select($set, undef, undef, $left);
		return 0 unless $found > 0;
		defined recv($socket, my $packet, 2048, 0) or return 0;
		my $header = $is6 ? 0 : (ord($packet) & 15) * 4;
		my ($type, undef, undef, $id) = unpack('CCnn', substr($packet, $header, 8));
		return 1 if $type == $answers && $id == $told->{sport};
	}
	return 0;
}

# INIT (RFC 9260, 3.3.2). Nobody here speaks SCTP: there is never an answer to it.
sub init {
	my ($told) = @_;
	my $socket = opened($told, 132, 132) or return 0;
	my $chunk = pack('CCnNNnnN', 1, 0, 20, 0x10203040, 65536, 1, 1, 1);
	my $message = pack('nnNN', $told->{sport}, $told->{dport}, 0, 0) . $chunk;
	# Conntrack looks at the checksum of what comes in.
	substr($message, 8, 4) = pack('V', crc32c($message));
	send($socket, $message, 0);
	return 0;
}

sub checksum {
	my ($data) = @_;
	my $sum = 0;
	$sum += $_ for unpack('n*', length($data) % 2 ? "$data\0" : $data);
	$sum = ($sum & 0xffff) + ($sum >> 16) while $sum >> 16;
	return ~$sum & 0xffff;
}

sub crc32c {
	my ($data) = @_;
	my $crc = 0xffffffff;
	for my $byte (unpack('C*', $data)) {
		$crc ^= $byte;
		$crc = ($crc >> 1) ^ ($crc & 1 ? 0x82f63b78 : 0) for 1 .. 8;
	}
	return $crc ^ 0xffffffff;
}
